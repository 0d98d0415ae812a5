using Noether.Graphs;

namespace Noether;

public static partial class Transform
{
    /// <summary>
    /// All first derivatives: shape [f's axes…, x's axes…]. Forward where x is the smaller, else reverse; all directions at once by Vmap.
    /// </summary>
    public static Func<Tensor, Tensor> Jacobian(Func<Tensor, Tensor> f) => x =>
    {
        using var scaffold = Scaffold.Raise();
        var (value, pullback) = Pullback("Jacobian", f, x);
        var jacobian = x.Size < value.Size ? ForwardJacobian("Jacobian", f, x, value.Shape) : ReverseJacobian(pullback, x, value);
        scaffold.TakeDown(jacobian);
        return jacobian;
    };

    /// <summary>All second derivatives of a scalar function: shape [x's axes…, x's axes…], forward over reverse.</summary>
    public static Func<Tensor, Tensor> Hessian(Func<Tensor, Tensor> f) => x => ForwardJacobian("Hessian", Gradient("Hessian", f), x, x.Shape);

    private static Tensor ForwardJacobian(string transform, Func<Tensor, Tensor> f, Tensor x, Shape result)
    {
        var basis = Tensor.Eye((int)x.Size, x.DType, x.Device).Reshape([(int)x.Size, .. x.Shape]);
        var columns = Vmap(v => TangentAlone(transform, f, x, v))(basis);
        return columns.MoveAxis(0, -1).Reshape([.. result, .. x.Shape]);
    }

    private static Tensor ReverseJacobian(Func<Tensor, Tensor> pullback, Tensor x, Tensor value)
    {
        var basis = Tensor.Eye((int)value.Size, value.DType, x.Device).Reshape([(int)value.Size, .. value.Shape]);
        return Vmap(pullback)(basis).Reshape([.. value.Shape, .. x.Shape]);
    }
}
