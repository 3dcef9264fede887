"""What holding training against predictors costs."""

from deepcrit.core.cost import Cost

COSTS = {"relate_training": Cost(12.0)}
