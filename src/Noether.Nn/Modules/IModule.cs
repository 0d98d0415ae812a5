namespace Noether.Nn;

/// <summary>What every module has, whatever it takes and gives: parameters, and state, that are data.</summary>
public interface IModule
{
    /// <summary>Fresh parameters.</summary>
    /// <param name="key">Decides every random number, and the device.</param>
    /// <param name="type">The parameters' type.</param>
    Parameters Init(RandomKey key, DType type = DType.Float32);

    /// <summary>The state before training; most modules have none.</summary>
    /// <param name="type">The type of running statistics.</param>
    /// <param name="device">Default: <see cref="Device.Default"/>.</param>
    Parameters InitState(DType type = DType.Float32, Device? device = null);
}
