namespace Noether.Tests.Errors;

/// <summary>A call that an operation must refuse while it builds, and what the message must say.</summary>
/// <param name="Operation">The method or operator as reflection names it: <c>Tensor.Sum</c>, <c>Tensor.op_Addition</c>, <c>Tensor.this</c>.</param>
/// <param name="Named">The name with which the message starts.</param>
/// <param name="Error">The type of the exception.</param>
/// <param name="Call">Builds, and must not evaluate.</param>
/// <param name="Shapes">What the message holds: the operands' shapes.</param>
internal sealed record WrongCall(string Operation, string Named, Type Error, Action Call, params string[] Shapes)
{
    /// <summary>The call of an operation whose messages start with its own name.</summary>
    public static WrongCall Of<TError>(string operation, Action call, params string[] shapes)
        where TError : NoetherException => new(operation, operation[(operation.IndexOf('.') + 1)..], typeof(TError), call, shapes);

    /// <summary>The call of an operation that messages name in another way, an operator's for example.</summary>
    public static WrongCall As<TError>(string operation, string named, Action call, params string[] shapes)
        where TError : NoetherException => new(operation, named, typeof(TError), call, shapes);

    public override string ToString() => $"{Operation}: {string.Join(" ", Shapes)}";
}
