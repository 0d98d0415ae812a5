namespace Noether.Devices;

/// <summary>Work that cannot be recorded; who asked for it runs it step by step instead.</summary>
internal sealed class RecordingException(string message, Exception? inner = null) : Exception(message, inner);
