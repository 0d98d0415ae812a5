using Noether.Nn;

namespace Noether.Models.SharpnessAware;

/// <summary>What one step gives.</summary>
/// <param name="Parameters">The new weights.</param>
/// <param name="State">The base optimiser's new state.</param>
/// <param name="ModuleState">Running statistics after the first pass; those of the second are dropped.</param>
/// <param name="Loss">L(θ).</param>
/// <param name="PerturbedLoss">L(θ + ε).</param>
/// <param name="Perturbed">θ + ε; of the last micro-batch where there are several.</param>
public sealed record SamStep(Parameters Parameters, Parameters State, Parameters ModuleState, Tensor Loss, Tensor PerturbedLoss, Parameters Perturbed);
