"""One training's state in one file, so that a stopped run goes on with the weights it would have had."""

from pathlib import Path

import numpy as np


class Checkpoint:
    """`variables`: everything that training changes; `keeper`: the best epoch so far. Without a path it does nothing."""

    def __init__(self, path: Path | None, variables: list, keeper):
        self.path, self.variables, self.keeper = path, variables, keeper

    def load(self) -> int:
        """Puts the saved state back. Returns the epoch to go on with, 0 where nothing was saved."""
        if self.path is None or not self.path.exists():
            return 0
        with np.load(self.path) as stored:
            for i, variable in enumerate(self.variables):
                variable.assign(stored[f"v{i}"])
            self.keeper.best, self.keeper.epoch = float(stored["best"]), int(stored["best_epoch"])
            self.keeper.weights = [stored[f"k{i}"] for i in range(int(stored["kept"]))]
            return int(stored["epoch"])

    def save(self, epoch: int) -> None:
        """Writes the state after `epoch` epochs; the old file stays until the new one is whole."""
        if self.path is None:
            return
        arrays = {f"v{i}": np.asarray(variable) for i, variable in enumerate(self.variables)}
        arrays |= {f"k{i}": weight for i, weight in enumerate(self.keeper.weights)}
        fresh = self.path.with_suffix(".new.npz")
        np.savez(fresh, epoch=epoch, best=self.keeper.best, best_epoch=self.keeper.epoch,
                 kept=len(self.keeper.weights), **arrays)
        fresh.replace(self.path)

    def drop(self) -> None:
        """Removes the file of a run that has ended."""
        if self.path is not None:
            self.path.unlink(missing_ok=True)
