"""Write the trained weights as two int8 ONNX files, one that reads and one that weighs, with the tokenizer beside them.

python -m models.train.export --weights OUT/weights.pt --out models/names_stance [--float FOLDER]
"""

from __future__ import annotations

import argparse
import inspect
import shutil
import tempfile
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn

from models.train.names_stance import pretrained
from models.train.network import WIDTH, NamesAndStance, Read
from services.enrich.marks import lay_out


class Reader(nn.Module):  # type: ignore[misc]
    """Read one row of words: its tags, and what marks look at."""

    def __init__(self, network: NamesAndStance) -> None:
        super().__init__()
        self.network = network
        # The same for every row, so they are reckoned once, here.
        self.sinks = [(key.detach(), value.detach()) for key, value in network.sinks()]

    def forward(self, ids: Tensor, shapes: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        read = self.network.read(ids, shapes, None, self.sinks)
        keys, values = (torch.cat(parts) for parts in zip(*read.seen, strict=True))
        return self.network.tag(read)[0], read.begun[0], keys, values


class Weigher(nn.Module):  # type: ignore[misc]
    """Weigh the pairs marked in rows that were read.

    begun: rows × length × width; keys, values: layers × rows × length × width; mask: rows × length; the rest is as
    `services.enrich.marks.Laid` has it.
    """

    def __init__(self, network: NamesAndStance) -> None:
        super().__init__()
        self.network = network

    def forward(
        self,
        begun: Tensor,
        keys: Tensor,
        values: Tensor,
        mask: Tensor,
        at: Tensor,
        roles: Tensor,
        pairs: Tensor,
        marks_of: Tensor,
    ) -> Tensor:
        read = Read(begun, list(zip(keys.unbind(0), values.unbind(0), strict=True)), begun)
        return self.network.weigh(read, mask, at, roles, pairs, marks_of)


def main() -> None:
    """Export, quantise, and copy the tokenizer."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--float", type=Path, help="also keep float32 files in this folder, to compare with")
    asked = parser.parse_args()
    network = load(asked.weights).eval()
    with tempfile.TemporaryDirectory() as folder:
        for name, export in (("read", export_reader), ("weigh", export_weigher)):
            whole, ready = Path(folder) / f"{name}.whole.onnx", Path(folder) / f"{name}.onnx"
            export(network, whole)
            quant_pre_process(str(whole), str(ready), skip_symbolic_shape=True)
            asked.out.mkdir(parents=True, exist_ok=True)
            quantize(ready, asked.out / f"{name}.onnx")
            print(f"{name}: {(asked.out / f'{name}.onnx').stat().st_size / 1e6:.1f} MB")
            if asked.float:
                asked.float.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ready, asked.float / f"{name}.onnx")
    for kept in (asked.out, asked.float):
        if kept:
            shutil.copyfile(pretrained() / "tokenizer.json", kept / "tokenizer.json")


def load(path: Path) -> NamesAndStance:
    """The network of these weights, of as many layers as they have."""
    weights = torch.load(path, weights_only=True)
    network = NamesAndStance(
        layers=sum(name.startswith("layers.") and name.endswith(".inner.bias") for name in weights)
    )
    network.load_state_dict(weights)
    return network


def export_reader(network: NamesAndStance, path: Path) -> None:
    """Trace the reading of a row of any length."""
    length = 16
    rows = (torch.randint(1000, 2000, (1, length)), torch.randint(0, 8, (1, length)))
    axes = {
        "ids": {1: "length"},
        "shapes": {1: "length"},
        "tags": {0: "length"},
        "begun": {0: "length"},
        "keys": {1: "length"},
        "values": {1: "length"},
    }
    _export(Reader(network), rows, path, ("tags", "begun", "keys", "values"), axes)


def export_weigher(network: NamesAndStance, path: Path) -> None:
    """Trace the weighing of any number of pairs in rows of any length."""
    rows, length = 2, 16
    seen = torch.randn(len(network.mark_layers), rows, length, WIDTH)
    laid = lay_out([[(2, 3, 5, 6), (4, 4, 0, 0), (7, 9, 1, 1)]] * rows)
    mask = torch.ones(rows, length, dtype=torch.long)
    asked = tuple(map(torch.from_numpy, (laid.at, laid.roles, laid.pairs, laid.marks_of)))
    axes = {
        "begun": {0: "rows", 1: "length"},
        "keys": {1: "rows", 2: "length"},
        "values": {1: "rows", 2: "length"},
        "mask": {0: "rows", 1: "length"},
        **{name: {0: "rows", 1: "marks"} for name in ("at", "roles", "pairs")},
        "marks_of": {0: "rows", 1: "asked"},
        "stances": {0: "rows", 1: "asked"},
    }
    _export(Weigher(network), (seen[0], seen, seen, mask, *asked), path, ("stances",), axes)


def _export(
    part: nn.Module, example: tuple[Tensor, ...], path: Path, outputs: tuple[str, ...], axes: dict[str, dict[int, str]]
) -> None:
    inputs = tuple(inspect.signature(part.forward).parameters)
    torch.onnx.export(
        part.eval(),
        example,
        str(path),
        input_names=inputs,
        output_names=outputs,
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )
    onnx.checker.check_model(str(path))


def quantize(whole: Path, small: Path) -> None:
    """Weights and embeddings as int8, one scale a column of a matrix; activations are quantised as they come."""
    quantize_dynamic(
        str(whole),
        str(small),
        op_types_to_quantize=["MatMul", "Gather"],
        per_channel=True,
        weight_type=QuantType.QInt8,
    )


if __name__ == "__main__":
    main()
