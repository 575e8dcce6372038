using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.AI;

namespace FuncChat.Tools;

/// <summary>A tool that a turn may offer to the model: any <see cref="AIFunction"/>, a method or an MCP tool alike.</summary>
public sealed record Tool(AIFunction Function)
{
    /// <summary>
    /// True for a tool whose runs take longer than a request should: its runs outlive the process that started them, and
    /// its method does its work in steps (<see cref="IToolRun.StepAsync"/>).
    /// </summary>
    public bool LongRunning { get; init; }

    /// <summary>
    /// True for a tool that brings text from outside, such as a page's: the model is given its results marked
    /// (<see cref="UntrustedText"/>), so that they are not taken for instructions.
    /// </summary>
    public bool ReturnsUntrusted { get; init; }

    public string Name => Function.Name;

    public string Description => Function.Description;

    /// <summary>
    /// A tool from a method. The parameters' <see cref="System.ComponentModel.DescriptionAttribute"/> and <see cref="RangeAttribute"/> reach the
    /// schema, which refuses properties that it does not name; <see cref="IToolRun"/> and <see cref="CancellationToken"/> are filled in.
    /// </summary>
    public static Tool FromMethod(Delegate method, string name, string description, bool longRunning = false, bool returnsUntrusted = false)
    {
        var function = AIFunctionFactory.Create(method, new AIFunctionFactoryOptions
        {
            Name = name,
            Description = description,
            JsonSchemaCreateOptions = new AIJsonSchemaCreateOptions
            {
                TransformOptions = new AIJsonSchemaTransformOptions { DisallowAdditionalProperties = true },
            },
            ConfigureParameterBinding = parameter => parameter.ParameterType == typeof(IToolRun)
                ? new() { ExcludeFromSchema = true, BindParameter = (_, arguments) => RunOf(arguments) }
                : default,
        });
        return new Tool(function) { LongRunning = longRunning, ReturnsUntrusted = returnsUntrusted };
    }

    /// <summary>The arguments for <see cref="AIFunction"/>'s invocation, with the run that the call is part of.</summary>
    public static AIFunctionArguments ArgumentsFor(IToolRun run, IDictionary<string, object?> arguments) =>
        new(arguments, StringComparer.Ordinal) { Context = new Dictionary<object, object?> { [typeof(IToolRun)] = run } };

    private static object? RunOf(AIFunctionArguments arguments) =>
        arguments.Context?.TryGetValue(typeof(IToolRun), out var run) == true
            ? run
            : throw new InvalidOperationException($"The tool needs an {nameof(IToolRun)}: call it with {nameof(ArgumentsFor)}.");
}
