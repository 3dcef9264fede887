"""What torchvision's classifiers cost: work of one forward pass, sizes, and files of trained weights.

A test holds the table against torchvision itself, which takes too long to import where plans are made.
"""

from __future__ import annotations

from typing import NamedTuple


class Classifier(NamedTuple):
    """Of one architecture.

    Attributes:
        dense: multiplications of one forward pass at the published image size, in 1e9, grouped convolutions left out.
        grouped: those of grouped convolutions, in 1e9.
        parameters: in 1e6.
        sets: published sets of weights with a classifier, which one of VGG-16 has not.
        megabytes: of their files.
    """

    dense: float
    grouped: float
    parameters: float
    sets: int
    megabytes: float


CLASSIFIERS = {
    "alexnet": Classifier(0.714, 0.0000, 61.10, 1, 233),
    "convnext_base": Classifier(15.126, 0.2287, 88.59, 1, 338),
    "convnext_large": Classifier(34.018, 0.3430, 197.77, 1, 755),
    "convnext_small": Classifier(8.513, 0.1715, 50.22, 1, 192),
    "convnext_tiny": Classifier(4.351, 0.1051, 28.59, 1, 109),
    "densenet121": Classifier(2.834, 0.0000, 7.98, 1, 31),
    "densenet161": Classifier(7.728, 0.0000, 28.68, 1, 110),
    "densenet169": Classifier(3.360, 0.0000, 14.15, 1, 55),
    "densenet201": Classifier(4.291, 0.0000, 20.01, 1, 77),
    "efficientnet_b0": Classifier(0.351, 0.0345, 5.29, 1, 20),
    "efficientnet_b1": Classifier(0.635, 0.0515, 7.79, 2, 60),
    "efficientnet_b2": Classifier(1.033, 0.0553, 9.11, 1, 35),
    "efficientnet_b3": Classifier(1.755, 0.0717, 12.23, 1, 47),
    "efficientnet_b4": Classifier(4.292, 0.1024, 19.34, 1, 74),
    "efficientnet_b5": Classifier(10.123, 0.1431, 30.39, 1, 117),
    "efficientnet_b6": Classifier(18.881, 0.1874, 43.04, 1, 165),
    "efficientnet_b7": Classifier(37.490, 0.2560, 66.35, 1, 255),
    "efficientnet_v2_l": Classifier(55.986, 0.0937, 118.52, 1, 455),
    "efficientnet_v2_m": Classifier(24.528, 0.0536, 54.14, 1, 208),
    "efficientnet_v2_s": Classifier(8.336, 0.0298, 21.46, 1, 83),
    "googlenet": Classifier(1.498, 0.0000, 6.62, 1, 50),
    "inception_v3": Classifier(5.713, 0.0000, 27.16, 1, 104),
    "maxvit_t": Classifier(5.525, 0.0325, 30.92, 1, 119),
    "mnasnet0_5": Classifier(0.088, 0.0157, 2.22, 1, 9),
    "mnasnet0_75": Classifier(0.191, 0.0235, 3.17, 1, 12),
    "mnasnet1_0": Classifier(0.286, 0.0283, 4.38, 1, 17),
    "mnasnet1_3": Classifier(0.488, 0.0377, 6.28, 1, 24),
    "mobilenet_v2": Classifier(0.280, 0.0207, 3.50, 2, 27),
    "mobilenet_v3_large": Classifier(0.199, 0.0184, 5.48, 2, 42),
    "mobilenet_v3_small": Classifier(0.050, 0.0075, 2.54, 1, 10),
    "regnet_x_16gf": Classifier(8.571, 7.3699, 54.28, 2, 415),
    "regnet_x_1_6gf": Classifier(1.200, 0.4034, 9.19, 2, 71),
    "regnet_x_32gf": Classifier(17.609, 14.1271, 107.81, 2, 824),
    "regnet_x_3_2gf": Classifier(1.935, 1.2416, 15.30, 2, 118),
    "regnet_x_400mf": Classifier(0.320, 0.0944, 5.50, 2, 43),
    "regnet_x_800mf": Classifier(0.647, 0.1529, 7.26, 2, 56),
    "regnet_x_8gf": Classifier(4.591, 3.4038, 39.57, 2, 303),
    "regnet_y_128gf": Classifier(329.081, 45.4892, 644.81, 2, 4923),
    "regnet_y_16gf": Classifier(41.076, 5.6591, 83.59, 4, 1278),
    "regnet_y_1_6gf": Classifier(1.164, 0.4476, 11.20, 2, 86),
    "regnet_y_32gf": Classifier(81.913, 12.9126, 145.05, 4, 2216),
    "regnet_y_3_2gf": Classifier(2.563, 0.6134, 19.44, 2, 149),
    "regnet_y_400mf": Classifier(0.347, 0.0554, 4.34, 2, 34),
    "regnet_y_800mf": Classifier(0.673, 0.1610, 6.43, 2, 50),
    "regnet_y_8gf": Classifier(6.122, 2.3511, 39.38, 2, 301),
    "resnet101": Classifier(7.801, 0.0000, 44.55, 2, 341),
    "resnet152": Classifier(11.514, 0.0000, 60.19, 2, 461),
    "resnet18": Classifier(1.814, 0.0000, 11.69, 1, 45),
    "resnet34": Classifier(3.664, 0.0000, 21.80, 1, 83),
    "resnet50": Classifier(4.089, 0.0000, 25.56, 2, 196),
    "resnext101_32x8d": Classifier(14.507, 1.9075, 88.79, 2, 679),
    "resnext101_64x4d": Classifier(14.506, 0.9537, 83.46, 1, 319),
    "resnext50_32x4d": Classifier(3.999, 0.2312, 25.03, 2, 192),
    "shufflenet_v2_x0_5": Classifier(0.038, 0.0018, 1.37, 1, 5),
    "shufflenet_v2_x1_0": Classifier(0.141, 0.0042, 2.28, 1, 9),
    "shufflenet_v2_x1_5": Classifier(0.290, 0.0062, 3.50, 1, 14),
    "shufflenet_v2_x2_0": Classifier(0.574, 0.0086, 7.39, 1, 28),
    "squeezenet1_0": Classifier(0.819, 0.0000, 1.25, 1, 5),
    "squeezenet1_1": Classifier(0.349, 0.0000, 1.24, 1, 5),
    "swin_b": Classifier(15.431, 0.0000, 87.77, 1, 335),
    "swin_s": Classifier(8.741, 0.0000, 49.61, 1, 190),
    "swin_t": Classifier(4.491, 0.0000, 28.29, 1, 108),
    "swin_v2_b": Classifier(20.325, 0.0000, 87.93, 1, 336),
    "swin_v2_s": Classifier(11.546, 0.0000, 49.74, 1, 191),
    "swin_v2_t": Classifier(5.940, 0.0000, 28.35, 1, 109),
    "vgg11": Classifier(7.609, 0.0000, 132.86, 1, 507),
    "vgg11_bn": Classifier(7.609, 0.0000, 132.87, 1, 507),
    "vgg13": Classifier(11.308, 0.0000, 133.05, 1, 508),
    "vgg13_bn": Classifier(11.308, 0.0000, 133.05, 1, 508),
    "vgg16": Classifier(15.470, 0.0000, 138.36, 1, 528),
    "vgg16_bn": Classifier(15.470, 0.0000, 138.37, 1, 528),
    "vgg19": Classifier(19.632, 0.0000, 143.67, 1, 548),
    "vgg19_bn": Classifier(19.632, 0.0000, 143.68, 1, 548),
    "vit_b_16": Classifier(55.484, 0.0000, 86.57, 3, 992),
    "vit_b_32": Classifier(4.409, 0.0000, 88.22, 1, 337),
    "vit_h_14": Classifier(1016.717, 0.0000, 633.47, 2, 4828),
    "vit_l_16": Classifier(361.986, 0.0000, 304.33, 3, 3486),
    "vit_l_32": Classifier(15.378, 0.0000, 306.54, 1, 1169),
    "wide_resnet101_2": Classifier(22.753, 0.0000, 126.89, 2, 728),
    "wide_resnet50_2": Classifier(11.398, 0.0000, 68.88, 2, 395),
}
