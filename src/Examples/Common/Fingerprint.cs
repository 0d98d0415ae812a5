using System.Security.Cryptography;

namespace Noether.Examples;

/// <summary>Tells data and weights apart, so that a run does not go on with what another one kept.</summary>
public static class Fingerprint
{
    /// <summary>SHA-256 of the tensors' bytes in their order, in hexadecimal digits.</summary>
    public static string Of(IEnumerable<Tensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var tensor in tensors) hash.AppendData(tensor.ToHostArray().Bytes);
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
