using Noether.Nn;

namespace Noether.Examples.WeightSpaces;

/// <summary>One of the models that a task compares.</summary>
/// <param name="Name">As tables and files call it.</param>
/// <param name="Model">From networks as vectors to outputs.</param>
/// <param name="LearningRate">Of Adam after warming up; it falls along a cosine.</param>
internal sealed record Contestant(string Name, Module Model, double LearningRate);
