namespace Noether;

/// <summary>The root of every error that the engine raises on purpose.</summary>
/// <param name="message">What was asked, what was found, which rule broke.</param>
/// <param name="inner">The cause, where another library raised it.</param>
public class NoetherException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Shapes that do not fit an operation. The message names the operation and every operand's shape.</summary>
/// <param name="message">Operation, shapes, rule.</param>
public sealed class ShapeException(string message) : NoetherException(message);

/// <summary>An axis, index or range outside its tensor.</summary>
/// <param name="message">Operation, axis or index, shape.</param>
public sealed class AxisException(string message) : NoetherException(message);

/// <summary>An element type that an operation does not take.</summary>
/// <param name="message">Operation, types, rule.</param>
public sealed class DTypeException(string message) : NoetherException(message);

/// <summary>A device that is absent, or operands on different devices.</summary>
/// <param name="message">Operation, devices, what is there.</param>
/// <param name="inner">The driver's own error, where there is one.</param>
public sealed class DeviceException(string message, Exception? inner = null) : NoetherException(message, inner);

/// <summary>A derivative or batching rule that mathematics does not give, or a transform that is misused.</summary>
/// <param name="message">Operation, rule.</param>
public sealed class TransformException(string message) : NoetherException(message);

/// <summary>A tensor that is used after it was disposed, or donated to a compiled step.</summary>
/// <param name="message">Operation, the tensor's type, what became of it.</param>
public sealed class DisposedException(string message) : NoetherException(message);

/// <summary>A NaN or an infinity that <see cref="Debug.CheckNumerics"/> found.</summary>
/// <param name="message">The operation and its operands.</param>
public sealed class NumericsException(string message) : NoetherException(message);

/// <summary>A request for more memory than the budget or the machine holds.</summary>
/// <param name="message">Bytes asked, live, budget.</param>
public sealed class MemoryException(string message) : NoetherException(message);

/// <summary>A file that is not what its format says, or not what was expected. The message names file and reason.</summary>
/// <param name="message">File and reason.</param>
/// <param name="inner">The cause, where the file system raised it.</param>
public sealed class FileFormatException(string message, Exception? inner = null) : NoetherException(message, inner);
