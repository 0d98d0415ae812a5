using System.Reflection;
using System.Reflection.Emit;
using System.Security.Cryptography;
using System.Text;
using ILGPU;
using Noether.Kernels.Copies;

namespace Noether.Kernels.Elementwise;

/// <summary>Turns a <see cref="LaneProgram"/> into a kernel: IL that loads, calls the forms in turn over locals, and stores; a thread for four elements.</summary>
/// <remarks>
/// Each kernel has an assembly of its own with two types. <c>Arguments</c> is a struct of the inputs' views, the outputs' views, the index maps of
/// strided inputs, the numbers, and the count of elements: one parameter, however many operands there are. <c>Program</c> has the kernel and the host method that
/// fills the struct and launches. Emitted assemblies are not collected: ILGPU keeps what it compiled anyway. A program that ends products has no kernel: there
/// <c>Arguments</c> itself takes four elements at a time.
/// <para>The kernel: what is the same for all four elements; the loads of four; the program for each of the four as a lane; the stores of four. A short program
/// is written four times, a long one in a loop that takes its lane by selection, so that code and compilation stay as small as one element's.</para>
/// <para>The kernel of many parts (<see cref="ElementwiseParts"/>) finds in a table which part its group works on and where the operands of that lie; the
/// rest is the same.</para>
/// Lanes and selections are what ILGPU turns into registers only; arrays and nested generic calls it does not.
/// </remarks>
internal sealed partial class ElementwiseEmitter
{
    // Lane operators of a program that is written four times: beyond, the selections of a loop, some ten instructions, hardly show.
    private const int MostOperators = 48;

    private static int Emitted;
    private readonly LaneProgram program;
    private readonly Type map;
    private FieldInfo?[] inputs, maps;
    private FieldInfo[] outputs, numbers;
    private FieldInfo count, aligned;
    private FieldInfo? parts;
    private Type arguments;

    // With the type of a product: Arguments is an epilogue of such products.
    private ElementwiseEmitter(LaneProgram program, bool isNarrow, bool isMany, ModuleBuilder module, Type? product = null)
    {
        this.program = program;
        map = isNarrow ? typeof(NarrowIndexMap) : typeof(IndexMap);
        const TypeAttributes Struct = TypeAttributes.Public | TypeAttributes.Sealed | TypeAttributes.SequentialLayout;
        var builder = module.DefineType(product is null ? "Arguments" : $"Epilogue{Hash($"{product} {program.Key}")}", Struct, typeof(ValueType)); // kernels are kept by types' names
        inputs = [.. program.Inputs.Select((input, i) => IsGiven(input.Access) ? null : Field($"Input{i}", View(input.Type)))];
        outputs = [.. program.Outputs.Select((output, i) => Field($"Output{i}", View(program.TypeOf(output))))];
        maps = [.. program.Inputs.Select((input, i) => HasMap(input.Access) ? Field($"Map{i}", map) : null)];
        numbers = [.. Enumerable.Range(0, program.Numbers).Select(i => Field($"Number{i}", typeof(long)))];
        count = Field("Count", typeof(long));
        parts = isMany ? Field("Parts", typeof(ElementwiseParts)) : null;
        aligned = Field("Aligned", typeof(int));
        if (product is not null) EmitApply(builder, product);

        // What is emitted from here on names the finished type's fields.
        arguments = builder.CreateType();
        inputs = Array.ConvertAll(inputs, Finished);
        outputs = Array.ConvertAll(outputs, Finished)!;
        maps = Array.ConvertAll(maps, Finished);
        numbers = Array.ConvertAll(numbers, Finished)!;
        (count, aligned, parts) = (Finished(count)!, Finished(aligned)!, Finished(parts));

        FieldInfo Field(string name, Type type) => builder.DefineField(name, type, FieldAttributes.Public);

        FieldInfo? Finished(FieldInfo? field) => field is null ? null : arguments.GetField(field.Name);
    }

    /// <summary>True if inputs that lie so come with an index map.</summary>
    public static bool HasMap(InputAccess access) => access is InputAccess.Strided or InputAccess.Runs or InputAccess.Repeated;

    /// <summary>Emits the program. The result has the static methods <c>Kernel</c> and <c>Launch</c>.</summary>
    /// <param name="program">What to emit.</param>
    /// <param name="isNarrow">For launches whose maps all fit in 32 bits (<see cref="IndexMap.TryNarrow"/>).</param>
    /// <param name="isMany">For many runs of the program in one launch.</param>
    /// <exception cref="ArgumentException">The program stores nothing, or is for many runs and has an input with a map.</exception>
    public static (Type Arguments, MethodInfo Kernel, MethodInfo Launch) Emit(LaneProgram program, bool isNarrow = true, bool isMany = false)
    {
        if (program.Outputs.Count == 0) throw new ArgumentException("ElementwiseEmitter: the program has no output");
        if (isMany && program.Inputs.Any(input => HasMap(input.Access))) throw new ArgumentException("ElementwiseEmitter: many runs have no maps");
        var module = Module($"Noether.Elementwise{Interlocked.Increment(ref Emitted)}");
        var emitter = new ElementwiseEmitter(program, isNarrow, isMany, module);
        var type = module.DefineType("Program", TypeAttributes.Public | TypeAttributes.Sealed | TypeAttributes.Abstract);
        emitter.EmitKernel(type);
        emitter.EmitLaunch(type, emitter.EmitFill(type));
        var created = type.CreateType();
        return (emitter.arguments, created.GetMethod("Kernel")!, created.GetMethod("Launch")!);
    }

    private static ModuleBuilder Module(string name) => AssemblyBuilder.DefineDynamicAssembly(new(name), AssemblyBuilderAccess.Run).DefineDynamicModule(name);

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));

    private static bool IsGiven(InputAccess access) => access is InputAccess.Product or InputAccess.Tangent;

    private static Type View(ElementType type) => typeof(ArrayView<>).MakeGenericType(ElementTypes.Memory(type));

    // static void Kernel(Arguments x)
    private void EmitKernel(TypeBuilder type)
    {
        var method = type.DefineMethod("Kernel", MethodAttributes.Public | MethodAttributes.Static, typeof(void), [arguments]);
        var il = method.GetILGenerator();
        var (index, last, end) = (il.DeclareLocal(typeof(long)), il.DeclareLocal(typeof(long)), il.DefineLabel());
        var (x, y) = Views(il);
        if (parts is null) EmitWhole(il, index, last, x, y);
        else EmitPart(il, index, last, x, y);
        il.Emit(OpCodes.Ldloc, index);
        il.Emit(OpCodes.Ldloc, last);
        il.Emit(OpCodes.Bgt, end);
        EmitProgram(il, index, last, x, y);
        il.MarkLabel(end);
        il.Emit(OpCodes.Ret);
    }

    // A local for each operand's view; of a product's results there is none.
    private (LocalBuilder?[] X, LocalBuilder[] Y) Views(ILGenerator il) =>
        (Array.ConvertAll(inputs, view => view is null ? null : il.DeclareLocal(view.FieldType)), Array.ConvertAll(outputs, view => il.DeclareLocal(view.FieldType)));

    // Elements index to last, at most four.
    private void EmitProgram(ILGenerator il, LocalBuilder index, LocalBuilder last, LocalBuilder?[] x, LocalBuilder[] y)
    {
        var element = il.DeclareLocal(typeof(long));
        LocalBuilder[] registers = [.. program.Instructions.Select(instruction => il.DeclareLocal(ElementTypes.Lane(instruction.Type)))];
        LocalBuilder[] loaded = [.. program.Inputs.Select(input => il.DeclareLocal(Four(IsGiven(input.Access) ? Arithmetic(input.Type) : input.Type)))];
        LocalBuilder[] stored = [.. program.Outputs.Select(output => il.DeclareLocal(Four(program.TypeOf(output))))];
        var varies = Varies();
        EmitInstructions(il, registers, index, i => !varies[i], i => EmitUniformLoad(il, i, x[i]!, index));
        EmitLoads(il, loaded, x, index, last);
        EmitForEach(il, isShort: program.Operators <= MostOperators, loadLane =>
        {
            il.Emit(OpCodes.Ldloc, index);
            loadLane();
            il.Emit(OpCodes.Conv_I8);
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Stloc, element);
            EmitInstructions(il, registers, element, i => varies[i], i =>
            {
                il.Emit(OpCodes.Ldloc, loaded[i]);
                loadLane();
                il.Emit(OpCodes.Call, typeof(FourAccess).GetMethod(nameof(FourAccess.Pick), [loaded[i].LocalType, typeof(int)])!);
                if (IsGiven(program.Inputs[i].Access)) EmitRounding(il, program.Inputs[i].Type); // the sums of a product are float32
            });
            for (var i = 0; i < stored.Length; i++)
            {
                var register = registers[program.Outputs[i]];
                il.Emit(OpCodes.Ldloc, stored[i]);
                loadLane();
                il.Emit(OpCodes.Ldloc, register);
                il.Emit(OpCodes.Call, typeof(FourAccess).GetMethod(nameof(FourAccess.Put), [stored[i].LocalType, typeof(int), register.LocalType])!);
                il.Emit(OpCodes.Stloc, stored[i]);
            }
        });
        EmitStores(il, stored, y, index, last);
    }

    // Which registers differ among the four elements of a thread.
    private bool[] Varies()
    {
        var varies = new bool[program.Instructions.Count];
        for (var i = 0; i < varies.Length; i++)
        {
            var instruction = program.Instructions[i];
            varies[i] = instruction.Operation switch
            {
                LaneOperation.Iota => true,
                LaneOperation.Load => !IsUniform(program.Inputs[(int)instruction.Number].Access),
                _ => Array.Exists(instruction.Arguments, argument => varies[argument]),
            };
        }

        return varies;
    }

    private static bool IsUniform(InputAccess access) => access is InputAccess.Single or InputAccess.Repeated;

    private void EmitInstructions(ILGenerator il, LocalBuilder[] registers, LocalBuilder index, Predicate<int> isWanted, Action<int> load)
    {
        for (var i = 0; i < registers.Length; i++)
        {
            if (!isWanted(i)) continue;
            EmitInstruction(il, program.Instructions[i], registers, index, load);
            il.Emit(OpCodes.Stloc, registers[i]);
        }
    }

    // The body for each of the four lanes; it is told how to load the lane's number.
    private static void EmitForEach(ILGenerator il, bool isShort, Action<Action> body)
    {
        if (isShort)
        {
            for (var i = 0; i < 4; i++)
            {
                var number = i;
                body(() => il.Emit(OpCodes.Ldc_I4, number));
            }

            return;
        }

        var (lane, again) = (il.DeclareLocal(typeof(int)), il.DefineLabel());
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Stloc, lane);
        il.MarkLabel(again);
        body(() => il.Emit(OpCodes.Ldloc, lane));
        il.Emit(OpCodes.Ldloc, lane);
        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, lane);
        il.Emit(OpCodes.Ldloc, lane);
        il.Emit(OpCodes.Ldc_I4_4);
        il.Emit(OpCodes.Blt, again);
    }

    // Contiguous inputs four at a time where four are left and aligned, else one by one: one branch for all of them.
    private void EmitLoads(ILGenerator il, LocalBuilder[] loaded, LocalBuilder?[] x, LocalBuilder index, LocalBuilder last)
    {
        for (var i = 0; i < loaded.Length; i++)
        {
            switch (program.Inputs[i].Access)
            {
                case InputAccess.Product or InputAccess.Tangent:
                    il.Emit(program.Inputs[i].Access == InputAccess.Product ? OpCodes.Ldarg_1 : OpCodes.Ldarg_2);
                    break;
                case InputAccess.Strided:
                    EmitFour(il, nameof(FourAccess.Gather), x[i]!, maps[i], index, last);
                    break;
                case InputAccess.Runs:
                    il.Emit(OpCodes.Ldloc, x[i]!);
                    EmitPlace(il, i, index);
                    il.Emit(OpCodes.Call, FourMethod(nameof(FourAccess.Load), x[i]!.LocalType, parameters: 2));
                    break;
                default:
                    continue;
            }

            il.Emit(OpCodes.Stloc, loaded[i]);
        }

        int[] contiguous = [.. Enumerable.Range(0, loaded.Length).Where(i => program.Inputs[i].Access == InputAccess.Contiguous)];
        if (contiguous.Length == 0) return;
        EmitByFours(il, index, last, atOnce =>
        {
            foreach (var i in contiguous)
            {
                if (atOnce) EmitFour(il, nameof(FourAccess.Load), x[i]!, null, index);
                else EmitFour(il, nameof(FourAccess.LoadEach), x[i]!, null, index, last);
                il.Emit(OpCodes.Stloc, loaded[i]);
            }
        });
    }

    private void EmitStores(ILGenerator il, LocalBuilder[] stored, LocalBuilder[] y, LocalBuilder index, LocalBuilder last) => EmitByFours(il, index, last, atOnce =>
    {
        for (var i = 0; i < stored.Length; i++)
        {
            if (atOnce) EmitFour(il, nameof(FourAccess.Store), y[i], null, index, stored[i]);
            else EmitFour(il, nameof(FourAccess.StoreEach), y[i], null, index, last, stored[i]);
        }
    });

    private void EmitByFours(ILGenerator il, LocalBuilder index, LocalBuilder last, Action<bool> body)
    {
        var (each, end) = (il.DefineLabel(), il.DefineLabel());
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, aligned);
        il.Emit(OpCodes.Brfalse, each);
        il.Emit(OpCodes.Ldloc, index);
        il.Emit(OpCodes.Ldc_I8, 3L);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ldloc, last);
        il.Emit(OpCodes.Bgt, each);
        body(true);
        il.Emit(OpCodes.Br, end);
        il.MarkLabel(each);
        body(false);
        il.MarkLabel(end);
    }

    // A method of FourAccess over a view, its map if it has one, and locals.
    private static void EmitFour(ILGenerator il, string name, LocalBuilder view, FieldInfo? map, params ReadOnlySpan<LocalBuilder> locals)
    {
        il.Emit(OpCodes.Ldloc, view);
        if (map is not null)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, map);
        }

        foreach (var local in locals) il.Emit(OpCodes.Ldloc, local);
        il.Emit(OpCodes.Call, FourMethod(name, view.LocalType, 1 + (map is null ? 0 : 1) + locals.Length, map?.FieldType));
    }

    private void EmitPlace(ILGenerator il, int input, LocalBuilder index)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, maps[input]!);
        il.Emit(OpCodes.Ldloc, index);
        il.Emit(OpCodes.Call, typeof(FourAccess).GetMethod(nameof(FourAccess.Place), [map, typeof(long)])!);
    }

    private void EmitUniformLoad(ILGenerator il, int input, LocalBuilder view, LocalBuilder index)
    {
        il.Emit(OpCodes.Ldloc, view);
        if (program.Inputs[input].Access == InputAccess.Repeated) EmitPlace(il, input, index);
        else il.Emit(OpCodes.Ldc_I8, 0L);
        il.Emit(OpCodes.Call, Access(nameof(LaneAccess.Load), view.LocalType, typeof(long)));
    }

    private void EmitInstruction(ILGenerator il, LaneInstruction instruction, LocalBuilder[] registers, LocalBuilder index, Action<int> load)
    {
        foreach (var argument in instruction.Arguments) il.Emit(OpCodes.Ldloc, registers[argument]);
        switch (instruction.Operation)
        {
            case LaneOperation.Load:
                load((int)instruction.Number);
                return;
            case LaneOperation.Constant:
                EmitConstant(il, instruction);
                break;
            case LaneOperation.Number:
                il.Emit(OpCodes.Ldarg_0);
                il.Emit(OpCodes.Ldfld, numbers[(int)instruction.Number]);
                il.Emit(OpCodes.Call, typeof(LaneAccess).GetMethod($"{Arithmetic(instruction.Type)}Of")!);
                break;
            case LaneOperation.Iota:
                il.Emit(OpCodes.Ldloc, index);
                if (instruction.Type == ElementType.Int32) il.Emit(OpCodes.Conv_I4);
                il.Emit(OpCodes.Call, Access(nameof(LaneAccess.Of), ElementTypes.Memory(instruction.Type)));
                return;
            case LaneOperation.Call:
                il.Emit(OpCodes.Call, instruction.Form!);
                break;
            case LaneOperation.Ask:
                il.Emit(OpCodes.Call, instruction.Form!);
                il.Emit(OpCodes.Call, Access(nameof(LaneAccess.Truth), registers[instruction.Arguments[0]].LocalType));
                return;
            case LaneOperation.Select:
                var lane = ElementTypes.Lane(instruction.Type);
                il.Emit(OpCodes.Call, Access(nameof(LaneAccess.Select), ElementTypes.Lane(ElementType.Bool), lane, lane));
                return;
            case LaneOperation.Cast:
                il.Emit(OpCodes.Call, typeof(LaneCasts).GetMethod($"To{Arithmetic(instruction.Type)}", [registers[instruction.Arguments[0]].LocalType])!);
                break;
        }

        EmitRounding(il, instruction.Type);
    }

    private static void EmitRounding(ILGenerator il, ElementType type)
    {
        if (type == ElementType.BFloat16) il.Emit(OpCodes.Call, typeof(LaneCasts).GetMethod(nameof(LaneCasts.RoundToBFloat16))!);
    }

    private static void EmitConstant(ILGenerator il, LaneInstruction instruction)
    {
        var type = Arithmetic(instruction.Type);
        switch (type)
        {
            case ElementType.Int64:
                il.Emit(OpCodes.Ldc_I8, instruction.Number);
                break;
            case ElementType.Float32:
                il.Emit(OpCodes.Ldc_R4, (float)BitConverter.Int64BitsToDouble(instruction.Number));
                break;
            case ElementType.Float64:
                il.Emit(OpCodes.Ldc_R8, BitConverter.Int64BitsToDouble(instruction.Number));
                break;
            default:
                il.Emit(OpCodes.Ldc_I4, (int)instruction.Number);
                break;
        }

        il.Emit(OpCodes.Call, Access(nameof(LaneAccess.Of), ElementTypes.Memory(type)));
    }

    // bfloat16 registers are float32 that is rounded.
    private static ElementType Arithmetic(ElementType type) => type == ElementType.BFloat16 ? ElementType.Float32 : type;

    private static Type Four(ElementType type) => typeof(Four<>).MakeGenericType(ElementTypes.Memory(type));

    // Overloads differ in their number of parameters, or in the map.
    private static MethodInfo FourMethod(string name, Type view, int parameters, Type? map = null) => typeof(FourAccess).GetMethods()
        .Single(method => method.Name == name && method.GetParameters().Length == parameters && (map is null || method.GetParameters()[1].ParameterType == map))
        .MakeGenericMethod(view.GetGenericArguments());

    private static MethodInfo Access(string name, params Type[] parameters) => typeof(LaneAccess).GetMethod(name, parameters)!;
}
