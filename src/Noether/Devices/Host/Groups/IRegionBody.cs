namespace Noether.Devices.Host;

/// <summary>What is done with a part of a matrix as soon as its elements are final, by the thread that finished it, while they are in its cache.</summary>
internal unsafe interface IRegionBody
{
    /// <summary>Takes a part whose rows are a row of the matrix apart.</summary>
    /// <param name="first">Its first element, in the matrix.</param>
    /// <param name="rows">How many rows it has.</param>
    /// <param name="columns">Elements of each.</param>
    void Invoke(void* first, long rows, int columns);
}
