"""Training of many networks side by side, resumed to the last bit.

An experiment draws :class:`~deepcrit.training.networks.FullyConnected` networks from parameters of its own, or
``SharedInputs`` if they are narrow and see the same minibatches, puts them into a
:class:`~deepcrit.training.resumable.Group`, and hands :func:`~deepcrit.training.resumable.train_resumably` a function
that trains the group through one stage: an epoch, a task, or the iterations up to the next snapshot.

Needs torch, but for how networks are shared out: import the rest from rules of training alone.
"""
