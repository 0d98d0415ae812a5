using System.Reflection;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace Noether.Kernels.Tests;

[TestFixtureSource(typeof(KernelFixture), nameof(Lanes))]
public sealed class KernelLoadingTests(string lane) : KernelFixture(lane)
{
    private string folder = null!;

    [SetUp]
    public void Create() => folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    [TearDown]
    public void Delete()
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    [Test]
    public void What_was_stored_runs_without_being_compiled()
    {
        var store = new KernelStore(folder);
        Assert.That(Run(store), Is.EqualTo(new[] { 6, 7, 8, 9 }));
        if (Key is not { } key) return; // the simulator compiles to IL, which is not stored
        var known = store.Find(key);
        Assert.That(known, Is.Not.Null);
        Assert.That(known!.SharedBytes, Is.EqualTo(4 * 32));

        // Another text under the same key shows that it is the text that runs.
        var changed = known.Text.Replace(Five, Nine, StringComparison.Ordinal);
        Assert.That(changed, Is.Not.EqualTo(known.Text), known.Text);
        store.Keep(key, known with { Text = changed });
        Assert.That(Run(store), Is.EqualTo(new[] { 1_000_000_008, 1_000_000_009, 1_000_000_010, 1_000_000_011 }));
    }

    [Test]
    public void Kernels_of_other_types_or_sizes_have_keys_of_their_own()
    {
        if (Key is null) Assert.Ignore("nothing is stored for the simulator");
        string?[] keys =
        [
            Key, KeyOf(nameof(Other), 32), KeyOf(nameof(Shift), 64), KernelLoading.KeyOf(Accelerator, Generic<int>(), new(32, null), null),
            KernelLoading.KeyOf(Accelerator, Generic<float>(), new(32, null), null), KernelLoading.KeyOf(Accelerator, Method(nameof(Shift)), new(32, null), "emitted"),
        ];
        Assert.That(keys, Is.Unique);

        static MethodInfo Generic<T>()
            where T : unmanaged => typeof(Holder<T>).GetMethod(nameof(Holder<T>.Kernel))!;
    }

    private const string Five = "1000000003", Nine = "2000000005"; // the number, and one greater by 1,000,000,002

    private string? Key => KeyOf(nameof(Shift), 32);

    private string? KeyOf(string method, int threads) => KernelLoading.KeyOf(Accelerator, Method(method), new(threads, null), null);

    private int[] Run(KernelStore store)
    {
        var y = Allocate<int>(4);
        using var kernel = KernelLoading.Load(Accelerator, Method(nameof(Shift)), new(32, null), null, store);
        kernel.CreateLauncherDelegate<Action<AcceleratorStream, KernelConfig, ArrayView<int>, int>>()(Stream, new(1, 4), y, 5 - 1_000_000_003 + 1);
        return Download(y);
    }

    private static MethodInfo Method(string name) => typeof(KernelLoadingTests).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!;

    private static void Shift(ArrayView<int> y, int shift)
    {
        var shared = SharedMemory.Allocate<int>(32);
        shared[Group.IdxX] = Group.IdxX;
        Group.Barrier();
        y[Group.IdxX] = shared[Group.IdxX] + shift + 1_000_000_003;
    }

    private static void Other(ArrayView<int> y, int shift) => y[Group.IdxX] = shift;

    private static class Holder<T>
        where T : unmanaged
    {
        public static void Kernel(ArrayView<T> y, T x) => y[Group.IdxX] = x;
    }
}

/// <summary>PTX restored without a GPU: the same text under the same entry.</summary>
[Category("PTX")]
public sealed class PtxLoadingTests
{
    [Test]
    public void Ptx_is_a_compiled_kernel_again()
    {
        using var context = Context.Create(builder => builder.EnableAlgorithms());
        using var backend = new PTXBackend(context, CudaArchitecture.SM_90, CudaInstructionSet.ISA_80, null!);
        var method = typeof(Noether.Kernels.Random.PhiloxKernel).GetMethods(BindingFlags.NonPublic | BindingFlags.Static).First(each => each.Name.Contains("Kernel", StringComparison.Ordinal));
        var entry = EntryPointDescription.FromExplicitlyGroupedKernel(method);
        var specialization = new KernelSpecialization(256, null);
        var compiled = (PTXCompiledKernel)backend.Compile(entry, specialization);
        var restored = KernelLoading.RestorePtx(context, new(entry, new SharedMemorySpecification(1024, false), specialization), compiled.PTXAssembly);
        Assert.That(restored, Is.TypeOf<PTXCompiledKernel>());
        Assert.That(((PTXCompiledKernel)restored!).PTXAssembly, Is.EqualTo(compiled.PTXAssembly));
        Assert.That(restored.ToString(), Is.EqualTo(compiled.ToString()));
    }
}
