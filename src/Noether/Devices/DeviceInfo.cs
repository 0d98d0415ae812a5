namespace Noether;

/// <summary>What a device is.</summary>
/// <param name="Name">As <see cref="Device.Open"/> takes it.</param>
/// <param name="Kind">What it computes with.</param>
/// <param name="Hardware">As its maker calls it.</param>
/// <param name="Driver">What drives it, with the version.</param>
/// <param name="Memory">Bytes.</param>
/// <param name="Properties">Limits and capabilities, best read in this order.</param>
public sealed record DeviceInfo(
    string Name, HardwareKind Kind, string Hardware, string Driver, long Memory, IReadOnlyList<KeyValuePair<string, string>> Properties);
