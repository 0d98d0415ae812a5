using System.Text;

namespace Noether.Tests.IO;

/// <summary>Npy files put together by hand.</summary>
internal static class NpyBytes
{
    public static byte[] Make(string header, byte[] data, byte version = 1, int? length = null)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var declared = length ?? text.Length;
        byte[] size = version == 1 ? BitConverter.GetBytes((ushort)declared) : BitConverter.GetBytes(declared);
        return [0x93, .. "NUMPY"u8, version, 0, .. size, .. text, .. data];
    }
}
