namespace Noether.Devices;

/// <summary>Records what a device is given to do, to launch it again as a whole: CUDA graphs.</summary>
internal interface IWorkRecorder
{
    /// <summary>Records what <paramref name="work"/> queues; it does not run.</summary>
    /// <exception cref="RecordingException">It waits for the device, or queues what cannot be recorded.</exception>
    IRecordedWork Record(Action work);
}
