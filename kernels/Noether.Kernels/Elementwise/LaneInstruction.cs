using System.Reflection;

namespace Noether.Kernels.Elementwise;

/// <summary>One instruction; it writes the register of its own number.</summary>
/// <param name="Operation">What it does.</param>
/// <param name="Type">The element type of its register.</param>
/// <param name="Arguments">The registers it reads.</param>
/// <param name="Form">The method that <see cref="LaneOperation.Call"/> and <see cref="LaneOperation.Ask"/> call, closed over the lane.</param>
/// <param name="Number">The number of the input or of the number given at the launch, or the constant's bits: of a double for floating types, else the integer.</param>
internal readonly record struct LaneInstruction(LaneOperation Operation, ElementType Type, int[] Arguments, MethodInfo? Form = null, long Number = 0);
