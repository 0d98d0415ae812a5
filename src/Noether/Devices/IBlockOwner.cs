namespace Noether.Devices;

/// <summary>Whom a storage's block goes back to: the device's pool, or whoever lent it.</summary>
internal interface IBlockOwner
{
    /// <summary>Takes the block back. Called once, from any thread.</summary>
    void Return(nint handle, long capacity);
}
