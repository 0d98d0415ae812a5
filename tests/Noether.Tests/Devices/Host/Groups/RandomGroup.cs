using System.Reflection;
using Noether.Devices;
using Noether.Graphs;
using Noether.Primitives;

namespace Noether.Tests.Devices.Host;

/// <summary>A random straight-line program over random inputs in random layouts: what the interpreter and emitted loops must agree on.</summary>
internal sealed unsafe class RandomGroup
{
    private static readonly DType[] Types = Enum.GetValues<DType>();

    private static readonly ElementwisePrimitive[] Operations =
    [
        .. from type in typeof(ElementwisePrimitive).Assembly.GetTypes()
           where type.IsSubclassOf(typeof(ElementwisePrimitive)) && !type.IsAbstract
           orderby type.Name
           let instance = type.GetField("Instance", BindingFlags.Public | BindingFlags.Static | BindingFlags.FlattenHierarchy)
           where instance is not null
           select (ElementwisePrimitive)instance.GetValue(null)!,
    ];

    private static readonly Shape[] Shapes = [[1], [7], [16], [33], [5, 3], [3, 300], [2, 3, 129], [4, 2, 5], [9000]];

    private readonly Random random;

    public RandomGroup(int seed, bool onlyDense = false, bool shifts = true)
    {
        random = new(seed);
        Shape = Shapes[random.Next(Shapes.Length)];
        var inputs = new DType[random.Next(1, 5)];
        for (var i = 0; i < inputs.Length; i++) inputs[i] = Types[random.Next(Types.Length)];
        var registers = new List<DType>(inputs);
        var instructions = new List<Instruction>();
        var wanted = random.Next(1, 13);
        while (instructions.Count < wanted)
        {
            if (Next(registers) is not { } instruction || (!shifts && instruction.Operation.Name.StartsWith("Shift", StringComparison.Ordinal))) continue;
            instructions.Add(instruction);
            registers.Add(instruction.Type);
        }

        var outputs = new HashSet<int> { registers.Count - 1 };
        for (var more = random.Next(3); more > 0; more--) outputs.Add(random.Next(inputs.Length, registers.Count));
        Group = new(Shape, inputs, [.. instructions], [.. outputs]);
        Inputs = Array.ConvertAll(inputs, type => Input(type, onlyDense));
    }

    public Shape Shape { get; }

    public ElementwiseGroup Group { get; }

    public View[] Inputs { get; }

    public View[] NewOutputs() => Array.ConvertAll(Group.Outputs, o => Device.Host.NewView(Shape, Group.TypeOf(o)));

    /// <summary>The elements as numbers that compare equal where bits do, NaN apart.</summary>
    public static double[] Values(View view)
    {
        var result = new double[view.Size];
        var at = (byte*)view.Storage.Handle;
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = view.Type switch
            {
                DType.Bool => at[i],
                DType.Int32 => ((int*)at)[i],
                DType.Int64 => BitConverter.Int64BitsToDouble(((long*)at)[i]) is var d && double.IsNaN(d) ? ((long*)at)[i] : d,
                DType.BFloat16 => ((BFloat16*)at)[i],
                DType.Float32 => ((float*)at)[i],
                _ => ((double*)at)[i],
            };
        }

        return result;
    }

    public override string ToString() =>
        $"{Shape} ({string.Join(", ", Inputs.Select(x => $"{x.Type} {string.Join("/", x.Layout.Strides.ToArray())}"))}): {Group} => {string.Join(", ", Group.Outputs)}";

    private Instruction? Next(List<DType> registers)
    {
        var kind = random.Next(8);
        var type = Types[random.Next(Types.Length)];
        if (kind == 0)
        {
            Scalar value = type.IsFloating() ? random.NextDouble() * 4 - 2 : random.Next(0, 2);
            return new(new Constant(value, type, Shape), [], type);
        }

        if (kind == 1) return new(new Cast(type), [random.Next(registers.Count)], type);
        var operation = Operations[random.Next(Operations.Length)];
        for (var count = 1; count <= 3; count++)
        {
            int[] arguments = [.. Enumerable.Range(0, count).Select(_ => random.Next(registers.Count))];
            DType[] types = [.. arguments.Select(a => registers[a])];
            if (types.Contains(DType.BFloat16) && !operation.TakesBFloat16) continue;
            if (Arity(operation) != count) continue;
            try
            {
                return new(operation, arguments, operation.ResultType(types));
            }
            catch (DTypeException)
            {
                return null;
            }
        }

        return null;
    }

    private static int Arity(ElementwisePrimitive operation)
    {
        if (operation is Select) return 3;
        var form = operation.GetType().GetNestedType("Form")!;
        return form.GetMethod("Invoke")!.GetParameters().Length;
    }

    private View Input(DType type, bool onlyDense)
    {
        var bytes = type.Bytes();
        var kind = onlyDense ? 0 : random.Next(6);
        var layout = kind switch
        {
            1 => new Layout(Shape, new long[Shape.Rank], random.Next(3)),
            2 => new Layout(Shape, Strides(axis => axis == Shape.Rank - 1 ? 1 : 0), 0),
            3 => new Layout(Shape, Strides(axis => axis == Shape.Rank - 1 ? 0 : 1), 1),
            4 => new Layout(Shape, Strides(axis => axis == 0 ? 1 : 3), 2),
            5 => new Layout(Shape, Shape.Strides(), 5),
            _ => Layout.Contiguous(Shape),
        };
        long span = layout.Offset + 1;
        for (var axis = 0; axis < Shape.Rank; axis++) span += (Shape[axis] - 1) * layout.Strides[axis];
        var storage = Device.Host.NewView([(int)span], type).Storage;
        for (long i = 0; i < span; i++)
        {
            var special = random.Next(12) == 0;
            var number = special ? Special() : random.NextDouble() * 6 - 3;
            var at = (byte*)storage.Handle + i * bytes;
            switch (type)
            {
                case DType.Bool: *at = (byte)random.Next(2); break;
                case DType.Int32: *(int*)at = special ? random.Next() : random.Next(-4, 5); break;
                case DType.Int64: *(long*)at = special ? random.NextInt64() : random.Next(-4, 5); break;
                case DType.BFloat16: *(BFloat16*)at = (BFloat16)(float)number; break;
                case DType.Float32: *(float*)at = (float)number; break;
                default: *(double*)at = number; break;
            }
        }

        return new(storage, layout, type);
    }

    private long[] Strides(Func<int, long> stride) => [.. Enumerable.Range(0, Shape.Rank).Select(stride)];

    private double Special() => random.Next(8) switch
    {
        0 => double.NaN,
        1 => double.PositiveInfinity,
        2 => double.NegativeInfinity,
        3 => -0.0,
        4 => 1e30,
        5 => -3e9,
        6 => 1e-40,
        _ => 0,
    };
}
