namespace Noether.Nn;

internal static class Softmaxes
{
    public static Tensor LogSoftmax(this Tensor x, int axis)
    {
        var shifted = x - x.Max(axis, keepAxis: true).StopGradient();
        return shifted - shifted.Exp().Sum(axis, keepAxis: true).Log();
    }

    public static Tensor Softmax(this Tensor x, int axis)
    {
        var weights = (x - x.Max(axis, keepAxis: true).StopGradient()).Exp();
        return weights / weights.Sum(axis, keepAxis: true);
    }
}
