"""Understanding a turn without a model. The interpreter is in `interpreter`; `folding` is everybody's."""
