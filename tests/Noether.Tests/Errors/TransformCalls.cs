using static Noether.Tests.Errors.Operands;
using static Noether.Transform;

namespace Noether.Tests.Errors;

/// <summary>Wrong calls of transforms: they throw where the transformed function is called.</summary>
internal static class TransformCalls
{
    private const string VectorShape = "[4]";

    public static IEnumerable<WrongCall> Table =>
    [
        Of<TransformException>("Grad", () => Grad(x => x * 2)(FourLong)),
        Of<DTypeException>("Grad", () => Grad(x => x.Sum())(Positions), "[5]"),
        Of<TransformException>("GradBoth", () => GradBoth((x, y) => x + y)(FourLong, FourLong)),
        Of<TransformException>("ValueAndGrad", () => ValueAndGrad(x => x * 2)(FourLong)),
        Of<DTypeException>("Vjp", () => Vjp(x => x * 2, Positions), "[5]"),
        Of<ShapeException>("Vjp", () => Vjp(x => x * 2, FourLong).Pullback(TwoByThree), "[2, 3]"),
        Of<ShapeException>("Jvp", () => Jvp(x => x * 2, FourLong, TwoByThree), "[2, 3]"),
        Of<DTypeException>("Jvp", () => Jvp(x => x * 2, Positions, Positions), "[5]"),
        Of<ShapeException>("Linearize", () => Linearize((Tensor x) => x * 2, FourLong).Pushforward(TwoByThree), "[2, 3]"),
        Of<ShapeException>("Hvp", () => Hvp(x => x.Sum(), FourLong, TwoByThree), "[2, 3]"),
        Of<TransformException>("Hvp", () => Hvp(x => x * 2, FourLong, FourLong)),
        Of<DTypeException>("Jacobian", () => Jacobian(x => x * 2)(Positions), "[5]"),
        Of<TransformException>("Hessian", () => Hessian(x => x * 2)(FourLong)),
        Of<ShapeException>("Vmap", () => Vmap((x, y) => x + y)(FourLong, TwoByThree), "[2, 3]"),
        Of<AxisException>("Vmap", () => Vmap(x => x, inAxis: 1)(FourLong)),
        Of<TransformException>("Vmap", () => Vmap((x, y) => x + y, firstAxis: null, secondAxis: null)(FourLong, FourLong)),
        Of<TransformException>("Compile", () => Compile(x => [x[0] * 2], 1)([FourLong])),
        Of<TransformException>("Checkpoint", () => Checkpoint(x => x * x.Sum().Item())(FourLong)),
        Of<ShapeException>("CustomDerivative", () => Grad(x => CustomDerivative(v => v.Sum(), pullback: (_, _, _) => TwoByThree)(x))(FourLong), "[2, 3]"),
        Of<ShapeException>("Scan", () => Scan<Tensor>((c, x) => (c.Sum(), x), FourLong, TwoByThree)),
        Of<ShapeException>("While", () => While(c => c.Sum() > 0, c => c.Sum(), FourLong)),
        WrongCall.Of<TransformException>("Transform.CustomDerivative", () => CustomDerivative((Tensor v) => v)),
    ];

    private static WrongCall Of<TError>(string name, Action call, string shape = VectorShape)
        where TError : NoetherException => WrongCall.Of<TError>($"Transform.{name}", call, shape);
}
