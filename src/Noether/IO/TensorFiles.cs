namespace Noether;

/// <summary>Tensors to and from files of the formats that PyTorch and NumPy read and write.</summary>
/// <remarks>Reading checks the whole file first; writing replaces the target only when everything is on disk.</remarks>
public static class TensorFiles
{
    /// <summary>All tensors of a safetensors file, in the order of the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="device">Where the tensors go; default <see cref="Device.Default"/>.</param>
    /// <exception cref="FileFormatException">The file is absent or not valid.</exception>
    public static IReadOnlyDictionary<string, Tensor> LoadSafeTensors(string path, Device? device = null)
    {
        using var file = SafeTensorsFile.Open(path);
        return file.Names.ToDictionary(name => name, name => ToTensor(file.Arrays[name], device));
    }

    /// <summary>Writes named tensors as a safetensors file.</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="tensors">Names, all different, and tensors.</param>
    /// <param name="metadata">Free text by key.</param>
    /// <exception cref="FileFormatException">The file cannot be written, or a name is not valid.</exception>
    public static void SaveSafeTensors(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null) =>
        SafeTensors.Write(path, Arrays(tensors), metadata);

    /// <summary>The tensor of an npy file.</summary>
    /// <inheritdoc cref="LoadSafeTensors"/>
    public static Tensor LoadNpy(string path, Device? device = null) => ToTensor(NpyFile.Read(path), device);

    /// <summary>Writes a tensor as an npy file; bfloat16 as float32.</summary>
    /// <exception cref="FileFormatException">The file cannot be written.</exception>
    public static void SaveNpy(string path, Tensor tensor) => NpyFile.Write(path, ToHostArray(tensor));

    /// <summary>All numeric arrays of an npz file.</summary>
    /// <inheritdoc cref="LoadSafeTensors"/>
    public static IReadOnlyDictionary<string, Tensor> LoadNpz(string path, Device? device = null) =>
        NpzFile.Read(path).Arrays.ToDictionary(pair => pair.Key, pair => ToTensor(pair.Value, device));

    /// <summary>Writes named tensors as an npz file.</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="tensors">Names, all different, and tensors.</param>
    /// <param name="compress">Deflates the arrays.</param>
    /// <exception cref="FileFormatException">The file cannot be written.</exception>
    public static void SaveNpz(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, bool compress = false) =>
        NpzFile.Write(path, Arrays(tensors), compress);

    /// <summary>A tensor with an array's elements; copied.</summary>
    public static Tensor ToTensor(this HostArray array, Device? device = null) => Tensor.From(array.DType, array.Bytes, array.Shape, device);

    /// <summary>An array with a tensor's elements; copied.</summary>
    public static HostArray ToHostArray(this Tensor tensor)
    {
        var array = HostArray.Allocate(tensor.DType, tensor.Shape);
        tensor.Download(array.Writable(0, checked((int)array.ByteCount)));
        return array;
    }

    private static IEnumerable<(string, HostArray)> Arrays(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        var all = tensors.ToArray();
        Tensor.Evaluate([.. all.Select(pair => pair.Value)]);
        return all.Select(pair => (pair.Key, pair.Value.ToHostArray()));
    }
}
