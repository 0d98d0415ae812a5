namespace Noether;

/// <summary>A matrix without the property that an operation needs: it is singular or not positive definite. Found when values are computed.</summary>
/// <param name="message">Operation, which matrix of which shape, what was found.</param>
/// <param name="inner">The cause, where another library raised it.</param>
public sealed class MatrixException(string message, Exception? inner = null) : NoetherException(message, inner);
