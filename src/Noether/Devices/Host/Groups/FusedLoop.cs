namespace Noether.Devices.Host;

/// <summary>A fused group as one vector loop: reads and writes elements 0 … count-1, rounded up to whole steps.</summary>
/// <param name="inputs">The first element of each input; of a uniform one, 64 bytes that repeat it.</param>
/// <param name="outputs">The first element of each output. One may be an input's: a step reads before it writes.</param>
/// <param name="constants">64 bytes that repeat it for each constant, in the order of the instructions.</param>
/// <param name="count">The number of elements.</param>
internal unsafe delegate void FusedLoop(byte** inputs, byte** outputs, byte* constants, long count);
