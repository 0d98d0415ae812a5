namespace Noether.Devices;

/// <summary>Work that can be launched again, with the addresses it was recorded with.</summary>
internal interface IRecordedWork : IDisposable
{
    /// <summary>Queues it.</summary>
    void Launch();
}
