namespace Noether.Tests.Errors;

/// <summary>Operands of wrong calls: constants, which nothing may evaluate.</summary>
internal static class Operands
{
    public static readonly Tensor TwoByThree = Tensor.Zeros([2, 3], device: Device.Host);
    public static readonly Tensor FourLong = Tensor.Zeros([4], device: Device.Host);
    public static readonly Tensor NoAxes = Tensor.Zeros([], device: Device.Host);
    public static readonly Tensor Empty = Tensor.Zeros([0, 3], device: Device.Host);
    public static readonly Tensor Square = Tensor.Eye(3, device: Device.Host);
    public static readonly Tensor WholeNumbers = Tensor.Zeros([2, 3], DType.Int32, Device.Host);
    public static readonly Tensor Positions = Tensor.Zeros([5], DType.Int64, Device.Host);
    public static readonly Tensor Signal = Tensor.Zeros([1, 2, 5], device: Device.Host);
    public static readonly Tensor Kernel = Tensor.Zeros([3, 4, 3], device: Device.Host);

    public static readonly Tensor[] All = [TwoByThree, FourLong, NoAxes, Empty, Square, WholeNumbers, Positions, Signal, Kernel];
}
