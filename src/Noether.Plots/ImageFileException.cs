namespace Noether.Plots;

/// <summary>A file that is not an image this library reads. The message names the file and the reason, in one line.</summary>
/// <param name="message">File and reason.</param>
/// <param name="inner">The cause, where the decoder raised it.</param>
public sealed class ImageFileException(string message, Exception? inner = null) : IOException(message, inner);
