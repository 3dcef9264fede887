"""Mean avalanche size over the plane of weight and bias variance, and its derivative by the weight variance."""
