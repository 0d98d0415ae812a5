using System.Runtime.InteropServices;

namespace Noether.Kernels.Tests;

/// <summary>Small kernels written by hand: parameters <c>x</c> and <c>y</c> are addresses, in %rd1 and %rd2; %r1 is the thread's number.</summary>
internal static class PtxModule
{
    /// <summary>The text of such a kernel.</summary>
    public static string Of(string body, string declarations = "") => $$"""
        .version 8.0
        .target sm_80
        .address_size 64
        .extern .shared .align 16 .b8 dynamic[];
        .visible .entry Kernel(.param .b64 x, .param .b64 y)
        .maxntid 256, 1, 1
        {
            .reg .pred %p<8>;
            .reg .b16 %h<8>;
            .reg .b32 %r<32>;
            .reg .b64 %rd<16>;
            .reg .f32 %f<32>;
            {{declarations}}
            ld.param.b64 %rd1, [x];
            ld.param.b64 %rd2, [y];
            mov.u32 %r1, %tid.x; // the thread
            {{body}}
            ret;
        }
        """;

    /// <summary>Runs one group on x and gives so many words of y.</summary>
    public static TOutput[] Run<TInput, TOutput>(string text, int threads, TInput[] x, int count, int dynamicBytes = 0, bool watchesRaces = false)
        where TInput : unmanaged
        where TOutput : unmanaged
    {
        var machine = PtxMachine.Load(text);
        machine.WatchesRaces = watchesRaces;
        var source = MemoryMarshal.AsBytes(x.AsSpan());
        long from = machine.Allocate(source.Length), to = machine.Allocate(count * Marshal.SizeOf<TOutput>());
        source.CopyTo(machine.Memory(from, source.Length));
        machine.Launch((1, 1, 1), (threads, 1, 1), dynamicBytes, new PtxArguments().Int64(from).Int64(to).ToArray());
        return MemoryMarshal.Cast<byte, TOutput>(machine.Memory(to, count * Marshal.SizeOf<TOutput>())).ToArray();
    }
}
