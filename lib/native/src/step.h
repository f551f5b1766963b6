#pragma once
// A chunk forward and back, a batch of chunks, and many steps.
#include "dense.h"
#include "gather.h"
#include "loss.h"
#include "network.h"
#include "norm.h"
#include "sparse.h"

namespace {

/** Examples `order` of a source as the first activations of a chunk; `all` also fills inputs and lanes
 * that nobody reads. */
void bringIn(Network& net, u32 chunk, const Source& source, const u32* order, u32 count, bool all) {
  const Layer& first = net.layers[0];
  net.lanes = all || source.isFloat ? LANES : lanesFor(count);
  findRows(source, order, count, first.N, net.rows.data);
  gather(source, net.rows.data, net.lanes, first.N, all ? nullptr : first.used.data, activation(net, 0, chunk));
}

void forward(Network& net, u32 chunk) {
  for (u32 l = 0; l < net.L; l++) {
    const Layer& layer = net.layers[l];
    const float* x = activation(net, l, chunk);
    float* y = activation(net, l + 1, chunk);
    const bool on = l + 1 < net.L && !layer.norm;
    if (layer.dense) denseForward(layer.weights.value.data, layer.bias.value.data, layer.N, layer.M, net.lanes, x, y, on);
    else sparseForward(layer.forward, layer.weightsForward(), layer.bias.value.data, net.lanes, x, y, on);
    if (layer.norm) {
      normForward(layer.M, net.lanes, layer.gain.value.data, layer.offset.value.data, y,
                  net.normalised[l].data + (size_t)chunk * layer.M * LANES, net.deviations[l].data + chunk * LANES);
    }
  }
}

/** Gradients of a dense layer; `dx` [N][B], if given, with the sums of its rows. */
void backwardDense(Network& net, const Layer& layer, const Pass& pass, const float* x, const float* dy, float* dx) {
  if (dx) denseInputs(layer.weights.value.data, layer.N, layer.M, net.lanes, x, dy, dx, net.sums.data);
  transposeRows(dy, layer.M, net.lanes, net.transposed.data, roundUp(layer.M, GROUP));
  denseBackward(pass, layer.weights, layer.mask.data, layer.N, layer.M, net.lanes, x, net.transposed.data, net.panel.data);
}

void backwardSparse(Network& net, const Layer& layer, const Pass& pass, const float* x, const float* dy, float* dx) {
  Gradients gradients{pass, layer.weights, layer.toForward.data, layer.forwardWeights.data};
  if (dx) sparseBackward<true>(layer.backward, gradients, net.lanes, x, dy, dx, net.sums.data);
  else sparseBackward<false>(layer.forward, gradients, net.lanes, dy, x, nullptr, nullptr);
}

/**
 * From the slopes of the last layer, whose sums are in net.sums, to all gradients of a chunk. With `slopesOnly`, the
 * first layer's weights get none: nothing else is computed from them.
 */
void backward(Network& net, u32 chunk, const Pass& pass, bool slopesOnly) {
  for (u32 l = net.L; l-- > 0;) {
    const Layer& layer = net.layers[l];
    float* dy = slope(net, l, chunk);
    if (layer.norm) {
      for (u32 j = 0; j < layer.M; j++) net.offsetSums[j] = net.sums[j];
      normBackward(layer.M, net.lanes, layer.gain.value.data, net.normalised[l].data + (size_t)chunk * layer.M * LANES,
                   net.deviations[l].data + chunk * LANES, dy, net.gainSums.data, net.sums.data);
      receiveSums(pass, layer.gain, net.gainSums.data, layer.M);
      receiveSums(pass, layer.offset, net.offsetSums.data, layer.M);
    }
    receiveSums(pass, layer.bias, net.sums.data, layer.M);
    if (l == 0 && slopesOnly) return;
    const float* x = activation(net, l, chunk);
    float* dx = l > 0 ? slope(net, l - 1, chunk) : nullptr;
    if (layer.dense) backwardDense(net, layer, pass, x, dy, dx);
    else backwardSparse(net, layer, pass, x, dy, dx);
  }
}

/** The loss of `count` examples of a chunk, summed up, and the slopes of the last layer for a batch of that size. */
double lossOf(Network& net, u32 chunk, const u8* labels, u32 count, u32 batch) {
  const u32 C = net.layers[net.L - 1].M;
  float* slopes = slope(net, net.L - 1, chunk);
  const double loss = softmax(C, activation(net, net.L, chunk), labels, count, net.lanes, slopes);
  softmaxBackward(C, slopes, labels, count, net.lanes, batch, net.sums.data);
  return loss;
}

/** One batch forward and back; the mean loss. With `keep`, every chunk keeps its activations and slopes. */
double runBatch(Network& net, const Source& source, const u32* order, u32 rows, const Rule* rule, bool keep) {
  double loss = 0;
  for (u32 first = 0; first < rows; first += LANES) {
    const u32 count = smaller(LANES, rows - first), chunk = keep ? first / LANES : 0;
    bringIn(net, chunk, source, order + first, count, keep);
    forward(net, chunk);
    u8 labels[LANES];
    for (u32 b = 0; b < count; b++) labels[b] = source.labels[order[first + b]];
    loss += lossOf(net, chunk, labels, count, rows);
    backward(net, chunk, Pass{first == 0, first + count == rows, rule}, keep);
  }
  return loss / rows;
}

void steps(Network* net, const Source* source, const u32* order, u32 rows, u32 batch, const double* rates,
           double* losses) {
  if (batch > LANES) ensureGradients(*net);
  for (u32 first = 0, i = 0; first < rows; first += batch, i++) {
    const u32 count = smaller(batch, rows - first);
    const Rule rule = ruleOf(net->optimizer, ++net->step, rates[i]);
    losses[i] = runBatch(*net, *source, order + first, count, &rule, false);
  }
}

/** Adds up loss and hits of rows first … first + rows − 1. */
void evaluate(Network* net, const Source* source, u32 first, u32 rows, double* sumAndHits) {
  u32 order[LANES];
  const u32 classes = net->layers[net->L - 1].M;
  float* logits = activation(*net, net->L, 0);
  for (u32 done = 0; done < rows; done += LANES) {
    const u32 count = smaller(LANES, rows - done);
    for (u32 b = 0; b < count; b++) order[b] = first + done + b;
    bringIn(*net, 0, *source, order, count, false);
    forward(*net, 0);
    const u8* labels = source->labels + first + done;
    sumAndHits[1] += hits(classes, logits, labels, count);
    sumAndHits[0] += softmax(classes, logits, labels, count, net->lanes, logits);
  }
}

/** Leaves the gradient of every connection, and of biases and norms, in Weights::gradient; the mean loss. */
double gradients(Network* net, const Source* source, const u32* order, u32 rows) {
  ensureGradients(*net);
  return runBatch(*net, *source, order, rows, nullptr, false);
}

} // namespace
