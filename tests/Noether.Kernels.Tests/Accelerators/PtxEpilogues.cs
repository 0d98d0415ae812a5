using Noether.Kernels.Channels;
using Noether.Kernels.Convolutions;
using Noether.Kernels.Elementwise;
using Noether.Kernels.MatMul;
using Noether.Kernels.Tests.MatMul;

namespace Noether.Kernels.Tests;

/// <summary>Kernels of products that stand for what ends in an emitted epilogue.</summary>
internal static class PtxEpilogues
{
    public static IEnumerable<(string Name, Type Launcher)> All { get; } =
    [
        ("MatMulEpilogueKernel[Single, LargeTile, WholeTiles, Layer]", MatMul<float, LargeTile, WholeTiles>(EpiloguePrograms.Layer(InputAccess.Product, InputAccess.Runs))),
        ("MatMulEpilogueKernel[Single, LargeTile, WholeTiles, Several]", MatMul<float, LargeTile, WholeTiles>(Several(ElementType.Float32))),
        ("MatMulEpilogueKernel[Single, MediumTile, AnyTiles, Several]", MatMul<float, MediumTile, AnyTiles>(Several(ElementType.Float32))),
        ("MatMulEpilogueKernel[Double, ThinTile, WholeTiles, Several]", MatMul<double, ThinTile, WholeTiles>(Several(ElementType.Float64))),
        ("SmallProductEpilogueKernel[Single, Several]", Closed(typeof(SmallProductEpilogueKernel<,>), Several(ElementType.Float32), typeof(float))),
        ("SmallProductEpilogueKernel[Double, Several]", Closed(typeof(SmallProductEpilogueKernel<,>), Several(ElementType.Float64), typeof(double))),
        ("TensorCoreEpilogueKernel[Tf32Number, WholeTiles, Layer]", TensorCores<Tf32Number, WholeTiles>(EpiloguePrograms.Layer(InputAccess.Product, InputAccess.Runs))),
        ("TensorCoreEpilogueKernel[Tf32Number, AnyTiles, Several]", TensorCores<Tf32Number, AnyTiles>(Several(ElementType.Float32))),
        ("TensorCoreEpilogueKernel[BFloat16Number, AnyTiles, Several]", TensorCores<BFloat16Number, AnyTiles>(Several(ElementType.BFloat16))),
        ("DualMatMulEpilogueKernel[Single, MediumTile, WholeTiles, Dual]", Dual<float, MediumTile>(EpiloguePrograms.Dual(InputAccess.Product, InputAccess.Tangent))),
        ("ConvolutionEpilogueKernel[Single, LargeTile, Several]", Closed(typeof(ConvolutionEpilogueKernel<,,>), Several(ElementType.Float32), typeof(float), typeof(LargeTile))),
        ("ChannelMixEpilogueKernel[Single, MediumTile, AnyTiles, Layer]", ChannelMix<float, MediumTile, AnyTiles>(EpiloguePrograms.Layer(InputAccess.Product, InputAccess.Repeated))),
        ("ChannelMixEpilogueKernel[Double, ThinTile, AnyTiles, Several]", ChannelMix<double, ThinTile, AnyTiles>(Several(ElementType.Float64))),
    ];

    private static LaneProgram Several(ElementType type) => EpiloguePrograms.Several(InputAccess.Product, InputAccess.Strided, InputAccess.Repeated, type);

    private static Type MatMul<T, TTile, TEdges>(LaneProgram program) =>
        Closed(typeof(MatMulEpilogueKernel<,,,,,>), program, typeof(T), typeof(TTile), typeof(AlongDepth), typeof(AcrossLines), typeof(TEdges));

    private static Type Dual<T, TTile>(LaneProgram program) =>
        Closed(typeof(DualMatMulEpilogueKernel<,,,,,>), program, typeof(T), typeof(TTile), typeof(AlongDepth), typeof(AcrossLines), typeof(WholeTiles));

    private static Type ChannelMix<T, TTile, TEdges>(LaneProgram program) =>
        Closed(typeof(ChannelMixEpilogueKernel<,,,>), program, typeof(T), typeof(TTile), typeof(TEdges));

    private static Type TensorCores<TNumber, TEdges>(LaneProgram program) => typeof(TensorCoreEpilogueKernel<,,,,>)
        .MakeGenericType(typeof(TNumber), typeof(AlongDepth), typeof(AcrossLines), typeof(TEdges), ElementwiseEmitter.EmitEpilogue(program, typeof(float)).Epilogue);

    private static Type Closed(Type launcher, LaneProgram program, params Type[] arguments) =>
        launcher.MakeGenericType([.. arguments, ElementwiseEmitter.EmitEpilogue(program, arguments[0]).Epilogue]);
}
