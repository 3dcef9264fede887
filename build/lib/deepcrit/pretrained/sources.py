"""Where weights and images of classifiers are from, as tables name it."""

# where weights are from; the rows of the 80 classifiers are those of TORCHVISION
TORCHVISION, PACKAGE, OWN, RANDOM = "torchvision", "package", "own", "random"
SOURCES = (TORCHVISION, PACKAGE, OWN, RANDOM)
IMAGENET, PHOTOGRAPHS, OTHER = "imagenet", "photographs", "own"
