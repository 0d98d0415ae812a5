namespace Noether.Devices.Ilgpu;

/// <summary>What lets two streams wait for each other: the one that computes, and the one that copies.</summary>
internal interface ICopyMarks
{
    /// <summary>Sets a mark behind what is queued on the computing stream.</summary>
    /// <param name="place">Which of the marks, below <see cref="UploadOrder.Marks"/>; it may have been set before.</param>
    void Set(int place);

    /// <summary>What is queued for copying from now on waits for a mark.</summary>
    void HoldCopies(int place);

    /// <summary>What is queued for computing from now on waits for all that is queued for copying.</summary>
    void HoldWork();
}
