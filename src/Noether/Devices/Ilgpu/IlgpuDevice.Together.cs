using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using Noether.Graphs;
using Noether.Kernels;
using Noether.Kernels.Elementwise;

namespace Noether.Devices.Ilgpu;

/// <content>Waves: groups that compute the same, in one launch.</content>
internal sealed partial class IlgpuDevice
{
    internal override IWaveRule WaveRule { get; } = new LaunchWaves();

    internal override void Together(Wave wave)
    {
        foreach (var call in wave.Calls) queued.Add(call.Step);
        Named(wave.Calls[0], () =>
        {
            var launch = (JoinedLaunch)(wave.Prepared ??= JoinedLaunch.Of(wave, Kernels));
            if (!TryLaunch(launch, wave.Calls))
            {
                foreach (var call in wave.Calls) call.Run(this);
            }
        });
    }

    // False if the steps are no one launch: operands lie too differently, or an operand is in one slab here and in another there.
    private bool TryLaunch(JoinedLaunch launch, Call[] calls)
    {
        if (launch.Kernel is not { } kernel) return false;
        var slabs = new MemoryBuffer1D<byte, Stride1D.Dense>[launch.Operands];
        var places = new long[calls.Length * launch.Operands];
        for (var run = 0; run < calls.Length; run++)
        {
            for (var i = 0; i < launch.Operands; i++)
            {
                var view = i < calls[run].X.Length ? calls[run].X[i] : calls[run].Y[i - calls[run].X.Length];
                var (slab, start) = DeviceMemory.Place(view.Storage.Handle);
                if (run == 0) slabs[i] = slab;
                else if (slabs[i] != slab) return false;
                places[run * launch.Operands + i] = start + view.Layout.Offset * view.Type.Bytes();
            }
        }

        var table = new long[kernel.TableSize(calls.Length)];
        kernel.Tabulate(launch.Counts, places, table, out var areAligned);
        var inputs = calls[0].X.Length;
        var memories = Array.ConvertAll(slabs, static slab => slab.View.BaseView);
        kernel.LaunchMany(
            Stream, Block(TableOf(launch, table)).SubView(0, table.Length * sizeof(long)).Cast<long>(), calls.Length, table[calls.Length],
            memories.AsSpan(0, inputs), memories.AsSpan(inputs), launch.Numbers, areAligned);
        return true;
    }

    // In recorded work blocks are the same each time, and so the table is there when the work is recorded, where it could not be uploaded.
    private Storage TableOf(JoinedLaunch launch, long[] table)
    {
        if (launch.Table is null || !launch.Content.AsSpan().SequenceEqual(table))
        {
            var fresh = Pool.RentApart(table.Length, sizeof(long));
            Upload(MemoryMarshal.AsBytes<long>(table), fresh);
            launch.Replace(fresh, table);
        }

        launch.IsRecorded |= isRecording;
        return launch.Table!;
    }

    /// <summary>A wave as one launch: decided once, for its layouts stay.</summary>
    private sealed class JoinedLaunch
    {
        private readonly List<Storage> recorded = []; // tables that recorded work reads

        private JoinedLaunch()
        {
        }

        /// <summary>What runs; null if the steps are no one launch.</summary>
        public ElementwiseKernel? Kernel { get; private init; }

        /// <summary>The elements of each step.</summary>
        public long[] Counts { get; private init; } = [];

        /// <summary>The program's numbers.</summary>
        public long[] Numbers { get; private init; } = [];

        /// <summary>The operands of a step, inputs before outputs.</summary>
        public int Operands { get; private init; }

        /// <summary>Where the operands lie, on the device, and here.</summary>
        public Storage? Table { get; private set; }

        /// <inheritdoc cref="Table"/>
        public long[] Content { get; private set; } = [];

        /// <summary>True if recorded work reads the table.</summary>
        public bool IsRecorded { get; set; }

        public void Replace(Storage table, long[] content)
        {
            if (IsRecorded) recorded.Add(Table!);
            else Table?.Release();
            (Table, Content, IsRecorded) = (table, content, false);
        }

        public static JoinedLaunch Of(Wave wave, KernelCache kernels)
        {
            var first = wave.Calls[0];
            var accesses = Array.ConvertAll(first.X, static view => AccessOf(view.Layout));
            foreach (var call in wave.Calls)
            {
                if (call is not { Step: { Group: { } group, Primitive: null }, Copies.Length: 0, Epilogue: null } || !group.ComputesAs(first.Step.Group!)) return new();
                for (var i = 0; i < accesses.Length; i++)
                {
                    var access = AccessOf(call.X[i].Layout);
                    if (access == InputAccess.Strided || (access != accesses[i] && call.Y[0].Size > 1)) return new(); // one element lies in either way
                }
            }

            var compiled = CompiledGroup.Of(first.Step.Group!);
            return new()
            {
                Kernel = compiled.Kernel(kernels, accesses),
                Counts = Array.ConvertAll(wave.Calls, static call => call.Y[0].Size),
                Numbers = compiled.Numbers,
                Operands = accesses.Length + first.Y.Length,
            };
        }
    }
}
