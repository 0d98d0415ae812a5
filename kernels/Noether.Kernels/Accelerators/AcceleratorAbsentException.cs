namespace Noether.Kernels;

/// <summary>An accelerator that was asked for is not there. The message says what is, and why the other may be missing.</summary>
/// <param name="message">What was asked, what is present.</param>
/// <param name="inner">The driver's own error, where there is one.</param>
public sealed class AcceleratorAbsentException(string message, Exception? inner = null) : Exception(message, inner);
