"""Write the trained weights as one int8 ONNX file, with the tokenizer beside it.

python -m models.train.export --weights OUT/weights.pt --out models/names_stance [--float FILE]
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

import onnx  # type: ignore[import-not-found]
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn

from models.train.names_stance import pretrained
from models.train.network import NamesAndStance, marked

INPUTS = ("ids", "shapes", "mask", "target", "source")
OUTPUTS = ("tags", "stances")


class Shipped(nn.Module):  # type: ignore[misc]
    """Both heads over one reading of the words; a row that asks only for names leaves its marks at 0."""

    def __init__(self, network: NamesAndStance) -> None:
        super().__init__()
        self.network = network

    def forward(
        self, ids: Tensor, shapes: Tensor, mask: Tensor, target: Tensor, source: Tensor
    ) -> tuple[Tensor, Tensor]:
        states = self.network(ids, shapes, mask)
        return self.network.tags(states), self.network.stance(marked(states, target, source))


def main() -> None:
    """Export, quantise, and copy the tokenizer."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--float", type=Path, help="also keep the float32 file here, to compare with")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    network = NamesAndStance()
    network.load_state_dict(torch.load(asked.weights, weights_only=True))
    with tempfile.TemporaryDirectory() as folder:
        whole, ready = Path(folder) / "whole.onnx", Path(folder) / "ready.onnx"
        export(network, whole)
        quant_pre_process(str(whole), str(ready), skip_symbolic_shape=True)
        quantize(ready, asked.out / "model.onnx")
        if asked.float:
            shutil.copyfile(ready, asked.float)
    shutil.copyfile(pretrained() / "tokenizer.json", asked.out / "tokenizer.json")
    print(f"{(asked.out / 'model.onnx').stat().st_size / 1e6:.1f} MB")


def export(network: NamesAndStance, path: Path) -> None:
    """Trace the network with two rows of different marks, rows and length left open."""
    rows, length = 2, 16
    example = (
        torch.randint(1000, 2000, (rows, length)),
        torch.randint(0, 8, (rows, length)),
        torch.ones(rows, length, dtype=torch.long),
        torch.tensor([3, 4]),
        torch.tensor([0, 7]),
    )
    open_axes = {name: {0: "rows", 1: "length"} for name in ("ids", "shapes", "mask", "tags")}
    open_axes |= {name: {0: "rows"} for name in ("target", "source", "stances")}
    torch.onnx.export(
        Shipped(network).eval(),
        example,
        str(path),
        input_names=INPUTS,
        output_names=OUTPUTS,
        dynamic_axes=open_axes,
        opset_version=17,
        dynamo=False,
    )
    onnx.checker.check_model(str(path))


def quantize(whole: Path, small: Path) -> None:
    """Weights and embeddings as int8, one scale a column of a matrix; activations are quantised as they come."""
    quantize_dynamic(
        str(whole), str(small), op_types_to_quantize=["MatMul", "Gather"], per_channel=True, weight_type=QuantType.QInt8
    )


if __name__ == "__main__":
    main()
