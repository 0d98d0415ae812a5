namespace Noether.Examples;

/// <summary>A command line that asks for what there is not. One line; the program ends with <see cref="ExitCode.Usage"/>.</summary>
/// <param name="message">What was given and what is right.</param>
public sealed class UsageException(string message) : Exception(message);
