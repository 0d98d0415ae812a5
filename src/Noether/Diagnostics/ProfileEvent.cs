namespace Noether;

/// <summary>One event of a <see cref="Profile"/>.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">The operation, or the kind.</param>
/// <param name="Source">The caller's lines, such as <c>Model.cs:12</c>; empty where they are not known.</param>
/// <param name="Operands">Types and shapes, such as <c>float32[2, 3], float32[3, 4] -> float32[2, 4]</c>; empty but for steps.</param>
/// <param name="Thread">The managed thread that ran it.</param>
/// <param name="Start">Since the start of the recording.</param>
/// <param name="Duration">Greater than zero; what lies inside it counts.</param>
/// <param name="Flops">Floating-point operations by the textbook.</param>
/// <param name="Bytes">Of every operand and result, once each.</param>
public sealed record ProfileEvent(
    ProfileKind Kind, string Name, string Source, string Operands, int Thread, TimeSpan Start, TimeSpan Duration, double Flops, double Bytes);
