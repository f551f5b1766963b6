"""PyTorch as a peer of the benchmark: `python pytorch.py masked|onednn|csr|tuned-csr`, by JSON lines (see protocol.ts).

All train the same network from the same seed, with PyTorch's fused Adam and without denormals. All but csr are written
to be as fast as PyTorch allows on one core: forward and backward by hand into buffers that stay, Adam on one flat
vector of all parameters.

masked  dense layers. Weights start as 0 where there is no connection, and gradients are multiplied by the mask; Adam
        leaves a weight at 0 whose gradients are all 0, so that the weights need no mask again.
onednn  the same, with products by an operator that PyTorch keeps for its compiler. torch.mm asks MKL, which has no
        AVX-512 for processors that are not Intel's; there, this takes half the time.
csr     layers hold connections only, as torch.sparse CSR. Activations are [features, batch], as MKL's sparse product
        likes them; the gradient is sampled at the connections (torch.sparse.sampled_addmm); the gradient of the
        inputs comes from the transpose, made a CSR in every step. Written by PyTorch's documentation, as one would.
tuned-csr  the same with buffers that stay, and the transpose's CSR made once, whose values are reordered copies.
"""
import gc
import json
import math
import os
import platform
import sys
import time
import warnings

for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import torch  # noqa: E402

torch.set_num_threads(1)
torch.set_num_interop_threads(1)
torch.set_flush_denormal(True)
torch.set_grad_enabled(False)
warnings.filterwarnings("ignore", message="Sparse (CSR tensor support is in beta|invariant checks)")


def flat_parameters(shapes):
    """Views of one flat vector with those shapes, of its gradient likewise, and Adam on it."""
    sizes = [math.prod(shape) for shape in shapes]
    vector, gradient = torch.zeros(sum(sizes)), torch.zeros(sum(sizes))
    vector.grad = gradient
    views = [[part.view(shape) for part, shape in zip(v.split(sizes), shapes)] for v in (vector, gradient)]
    return *views, torch.optim.Adam([vector], lr=1e-3, fused=True)


def random_layers(setting, generator):
    """For each layer [neurons, inputs]: weights, 0 where there is no connection, and the mask, None for dense."""
    sizes, sparsity = setting["sizes"], setting["sparsity"]
    for layer, (inputs, neurons) in enumerate(zip(sizes, sizes[1:])):
        is_dense = layer == len(sizes) - 2 or sparsity == 0
        absent = 0 if is_dense else math.floor(sparsity * inputs * neurons)
        mask = torch.ones(inputs * neurons)
        mask[torch.randperm(inputs * neurons, generator=generator)[:absent]] = 0
        fan_in = max(1, (inputs * neurons - absent) / neurons)
        weights = torch.randn(inputs * neurons, generator=generator) * math.sqrt(2 / fan_in) * mask
        yield weights.view(neurons, inputs), None if is_dense else mask.view(neurons, inputs)


class Masked:
    """Activations are [batch, features], weights [neurons, inputs]."""

    def __init__(self, setting, layers):
        rows = setting["batch"]
        self.rows, self.last = rows, len(layers) - 1
        self.masks = [mask for _, mask in layers]
        shapes = [weights.shape for weights, _ in layers] + [weights.shape[:1] for weights, _ in layers]
        values, gradients, self.optimizer = flat_parameters(shapes)
        self.weights, self.biases = values[: len(layers)], values[len(layers) :]
        self.weight_gradients, self.bias_gradients = gradients[: len(layers)], gradients[len(layers) :]
        for weights, (start, _) in zip(self.weights, layers):
            weights.copy_(start)
        self.outputs = [torch.empty(rows, weights.shape[0]) for weights in self.weights]
        self.errors = [torch.empty(rows, weights.shape[1]) for weights in self.weights]
        self.row = torch.arange(rows)

    def step(self, pixels, labels):
        x = [pixels.float().mul_(1 / 255)]
        for layer, (weights, bias) in enumerate(zip(self.weights, self.biases)):
            x.append(self.sums(x[layer], weights, bias, self.outputs[layer]))
            if layer < self.last:
                x[-1].relu_()
        log = torch.log_softmax(x[-1], 1)
        loss = -log[self.row, labels].mean()
        error = log.exp_()
        error[self.row, labels] -= 1
        error.mul_(1 / self.rows)
        for layer in range(self.last, -1, -1):
            self.weight_gradient(error, x[layer], self.masks[layer], self.weight_gradients[layer])
            torch.sum(error, 0, out=self.bias_gradients[layer])
            if layer > 0:
                before = self.input_error(error, self.weights[layer], self.errors[layer])
                error = torch.ops.aten.threshold_backward(before, x[layer], 0)
        self.optimizer.step()
        return loss

    @staticmethod
    def sums(x, weights, bias, out):
        return torch.addmm(bias, x, weights.t(), out=out)

    @staticmethod
    def weight_gradient(error, x, mask, out):
        torch.mm(error.t(), x, out=out)
        if mask is not None:
            out.mul_(mask)

    @staticmethod
    def input_error(error, weights, out):
        return torch.mm(error, weights, out=out)


def onednn_linear(x, weights, bias=None):
    """x · weightsᵀ + bias."""
    return torch.ops.mkldnn._linear_pointwise(x, weights, bias, "none", [], "")


class OneDnn(Masked):
    """Its operator makes its results itself, so that gradients take a copy; masking them is one anyway."""

    @staticmethod
    def sums(x, weights, bias, out):
        return onednn_linear(x, weights, bias)

    @staticmethod
    def weight_gradient(error, x, mask, out):
        gradient = onednn_linear(error.t(), x.t())
        if mask is None:
            out.copy_(gradient)
        else:
            torch.mul(gradient, mask, out=out)

    @staticmethod
    def input_error(error, weights, out):
        return onednn_linear(error, weights.t())


class Connections:
    """A sparse layer: its weights as CSR, the gradient with the same pattern, and the CSR of the transpose."""

    def __init__(self, mask, values, gradient):
        neurons, inputs = mask.shape
        row, column = mask.nonzero(as_tuple=True)
        order = torch.argsort(column * neurons + row)

        def csr(size, rows, columns, values):
            pointers = torch.zeros(size[0] + 1, dtype=torch.int64)
            pointers[1:] = torch.bincount(rows, minlength=size[0]).cumsum(0)
            return torch.sparse_csr_tensor(pointers.int(), columns.int(), values, size=size)

        self.values, self.order, self.reordered = values, order, torch.empty_like(values)
        self.weights = csr((neurons, inputs), row, column, values)
        self.gradient = csr((neurons, inputs), row, column, gradient)
        self.transpose = csr((inputs, neurons), column[order], row[order], self.reordered)
        assert self.weights.values().data_ptr() == values.data_ptr(), "PyTorch has copied the values"

    def input_error(self, error, out):
        torch.index_select(self.values, 0, self.order, out=self.reordered)
        return torch.addmm(out, self.transpose, error, beta=0, out=out)


class Csr:
    """Activations are [features, batch], weights [neurons, inputs]."""

    def __init__(self, setting, layers):
        self.rows, self.last = setting["batch"], len(layers) - 1
        # A hidden layer is CSR at every density: at 0 % this is what CSR costs, not what one would use.
        self.weights = [int32(w.to_sparse_csr()) for w, _ in layers[:-1]] + [layers[-1][0].clone()]
        self.biases = [torch.zeros(weights.shape[0], 1) for weights in self.weights]
        self.values = [weights.values() for weights in self.weights[:-1]] + self.weights[-1:]
        self.optimizer = torch.optim.Adam(self.values + self.biases, lr=1e-3, fused=True)
        self.row = torch.arange(self.rows)

    def step(self, pixels, labels):
        x = [pixels.t().float() / 255]
        for layer, (weights, bias) in enumerate(zip(self.weights, self.biases)):
            sums = weights @ x[layer] + bias
            x.append(sums.relu() if layer < self.last else sums)
        log = torch.log_softmax(x[-1], 0)
        loss = -log[labels, self.row].mean()
        error = log.exp()
        error[labels, self.row] -= 1
        error /= self.rows
        for layer in range(self.last, -1, -1):
            weights = self.weights[layer]
            self.biases[layer].grad = error.sum(1, keepdim=True)
            if layer == self.last:
                self.values[layer].grad = error @ x[layer].t()
                before = weights.t() @ error
            else:
                gradient = torch.sparse.sampled_addmm(weights, error, x[layer].t(), beta=0)
                self.values[layer].grad = gradient.values()
                before = weights.t().to_sparse_csr() @ error if layer > 0 else None
            if layer > 0:
                error = before * (x[layer] > 0)
        self.optimizer.step()
        return loss


def int32(csr):
    """The same with indices that MKL takes as they are."""
    rows, columns = csr.crow_indices().int(), csr.col_indices().int()
    return torch.sparse_csr_tensor(rows, columns, csr.values(), size=csr.shape)


class TunedCsr:
    """Activations are [features, batch]."""

    def __init__(self, setting, layers):
        rows = setting["batch"]
        self.rows, self.last = rows, len(layers) - 1
        patterns = [torch.ones_like(weights) if mask is None else mask for weights, mask in layers]
        patterns[self.last] = None
        shapes = [w.shape if p is None else (int(p.sum()),) for (w, _), p in zip(layers, patterns)]
        shapes += [(weights.shape[0], 1) for weights, _ in layers]
        values, gradients, self.optimizer = flat_parameters(shapes)
        self.biases, self.bias_gradients = values[len(layers) :], gradients[len(layers) :]
        self.layers = []
        for (start, _), pattern, value, gradient in zip(layers, patterns, values, gradients):
            value.copy_(start if pattern is None else start[pattern.bool()])
            self.layers.append((value, gradient) if pattern is None else Connections(pattern, value, gradient))
        sizes = setting["sizes"]
        self.x = torch.empty(sizes[0], rows)
        self.outputs = [torch.empty(size, rows) for size in sizes[1:]]
        self.errors = [torch.empty(size, rows) for size in sizes]
        self.row = torch.arange(rows)

    def step(self, pixels, labels):
        self.x.copy_(pixels.t())
        x = [self.x.mul_(1 / 255)]
        for layer, (connections, bias) in enumerate(zip(self.layers, self.biases)):
            weights = connections.weights if layer < self.last else connections[0]
            x.append(torch.addmm(bias, weights, x[layer], out=self.outputs[layer]))
            if layer < self.last:
                x[-1].relu_()
        log = torch.log_softmax(x[-1], 0)
        loss = -log[labels, self.row].mean()
        error = log.exp_()
        error[labels, self.row] -= 1
        error.mul_(1 / self.rows)
        for layer in range(self.last, -1, -1):
            connections = self.layers[layer]
            torch.sum(error, 1, keepdim=True, out=self.bias_gradients[layer])
            if layer == self.last:
                torch.mm(error, x[layer].t(), out=connections[1])
                before = torch.mm(connections[0].t(), error, out=self.errors[layer]) if layer > 0 else None
            else:
                gradient = connections.gradient
                torch.sparse.sampled_addmm(gradient, error, x[layer].t(), beta=0, out=gradient)
                before = connections.input_error(error, self.errors[layer]) if layer > 0 else None
            if layer > 0:
                error = torch.ops.aten.threshold_backward(before, x[layer], 0)
        self.optimizer.step()
        return loss


class Run:
    def __init__(self, kind, setting, data):
        if setting["layerNorm"] or setting["update"] is not None:
            raise ValueError("this peer has no LayerNorm and no topology updates")
        generator = torch.Generator().manual_seed(setting["seed"])
        self.network = kind(setting, list(random_layers(setting, generator)))
        self.batch, self.position = setting["batch"], 0
        self.pixels, self.labels = data
        self.order = torch.randperm(len(self.labels), generator=generator)

    def steps(self, count):
        for _ in range(count):
            if self.position + self.batch > len(self.order):
                self.position = 0
            rows = self.order[self.position : self.position + self.batch]
            self.position += self.batch
            loss = self.network.step(self.pixels.index_select(0, rows), self.labels.index_select(0, rows))
        return loss.item()


def resident():
    """Bytes of memory in use; None where /proc is not there to say."""
    gc.collect()
    try:
        with open("/proc/self/statm") as statm:
            return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except FileNotFoundError:
        return None


def answer(request, kind, datasets, runs):
    do = request["do"]
    if do == "hello":
        if kind is OneDnn:
            onednn_linear(torch.ones(1, 1), torch.ones(1, 1))  # not every build has it
        return {"backend": f"PyTorch {torch.__version__} (Python {platform.python_version()})"}
    if do == "data":
        rows, inputs, classes = request["rows"], request["inputs"], request["classes"]
        generator = torch.Generator().manual_seed(request["seed"])
        pixels = torch.randint(0, 256, (rows, inputs), dtype=torch.uint8, generator=generator)
        datasets[request["data"]] = pixels, torch.randint(0, classes, (rows,), generator=generator)
        return {}
    if do == "open":
        runs[request["run"]] = Run(kind, request["setting"], datasets[request["data"]])
        return {}
    if do == "steps":
        started = time.process_time()
        loss = runs[request["run"]].steps(request["steps"])
        return {"cpu": time.process_time() - started, "loss": loss}
    if do == "memory":
        return {"resident": resident(), "own": None}
    if do == "close":
        del runs[request["run"]]
        gc.collect()
        return {}
    raise ValueError(f"{do} cannot be done")


def main():
    kind = {"masked": Masked, "onednn": OneDnn, "csr": Csr, "tuned-csr": TunedCsr}[sys.argv[1]]
    datasets, runs = {}, {}
    for line in sys.stdin:
        request = json.loads(line)
        try:
            result = answer(request, kind, datasets, runs)
        except Exception as error:  # goes to whoever asked
            result = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps({"id": request["id"], **result}), flush=True)


if __name__ == "__main__":
    main()
