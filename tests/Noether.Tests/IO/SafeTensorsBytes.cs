using System.Text;

namespace Noether.Tests.IO;

/// <summary>Safetensors files put together by hand.</summary>
internal static class SafeTensorsBytes
{
    public static byte[] Make(string header, byte[] data) => Make(Encoding.UTF8.GetBytes(header), data);

    public static byte[] Make(byte[] header, byte[] data) => [.. BitConverter.GetBytes((long)header.Length), .. header, .. data];
}
