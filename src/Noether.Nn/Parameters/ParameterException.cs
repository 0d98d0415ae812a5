namespace Noether.Nn;

/// <summary>A parameter that is missing, too many, named twice or of another shape. The message names it.</summary>
/// <param name="message">Operation, name, rule.</param>
public sealed class ParameterException(string message) : NoetherException(message);
