using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.AI;

namespace FuncChat.Tools;

/// <summary>A tool that a turn may offer to the model: a method of this program, or a tool of another source.</summary>
public sealed record Tool(AIFunction Function)
{
    public ToolPolicy Policy { get; init; } = new();

    public string Name => Function.Name;

    public string Description => Function.Description;

    /// <summary>What a stored turn keeps of the tool. A built-in tool's schema changes with the program alone, so its reference is the name.</summary>
    public ToolRef Reference => new(Name, ToolName.SourceOf(Name) is null ? null : SchemaHash);

    // The description is part of it: a source that changes the meaning of a tool between an approval and the call changes the tool.
    private string SchemaHash => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{Description}\n{Function.JsonSchema.GetRawText()}")))[..16];

    /// <summary>
    /// Creates a tool from a method. The parameters' <see cref="System.ComponentModel.DescriptionAttribute"/> and <see cref="RangeAttribute"/> become part of
    /// the schema, which allows no other properties; <see cref="IToolRun"/> and <see cref="CancellationToken"/> are filled in.
    /// </summary>
    public static Tool FromMethod(
        Delegate method, string name, string description, bool longRunning = false, bool returnsUntrusted = false, bool readOnly = false,
        bool returnsSources = false, bool fetchesUrl = false)
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
        return new Tool(function)
        {
            Policy = new ToolPolicy
            {
                LongRunning = longRunning,
                ReturnsUntrusted = returnsUntrusted,
                ReadOnly = readOnly,
                Destructive = !readOnly,
                ReturnsSources = returnsSources,
                FetchesUrl = fetchesUrl,
            },
        };
    }

    /// <summary>The arguments to invoke the <see cref="AIFunction"/> with, together with the run that the call is part of.</summary>
    public static AIFunctionArguments ArgumentsFor(IToolRun run, IDictionary<string, object?> arguments) =>
        new(arguments, StringComparer.Ordinal) { Context = new Dictionary<object, object?> { [typeof(IToolRun)] = run } };

    /// <summary>The run that an invocation is part of.</summary>
    internal static IToolRun? FindRun(AIFunctionArguments arguments) =>
        arguments.Context?.TryGetValue(typeof(IToolRun), out var run) == true ? (IToolRun?)run : null;

    private static IToolRun RunOf(AIFunctionArguments arguments) =>
        FindRun(arguments) ?? throw new InvalidOperationException($"The tool needs an {nameof(IToolRun)}: call it with {nameof(ArgumentsFor)}.");
}
