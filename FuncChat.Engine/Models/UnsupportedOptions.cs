namespace FuncChat.Engine.Models;

/// <summary>Refuses what an API has no counterpart for, where leaving it out would change what the answer means.</summary>
internal static class UnsupportedOptions
{
    /// <exception cref="ModelException">The request has such an option.</exception>
    public static void Refuse(ModelRequest request, string provider, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (request.Options.ContainsKey(name))
                throw new ModelException(new AppError(ErrorCode.InvalidRequest, $"Provider {provider} does not support {name}.") { Path = $"$.{name}" });
        }
    }

    /// <summary>The error for a part of a message that the API can't carry.</summary>
    public static ModelException Part(string provider, string? type) =>
        new(new AppError(ErrorCode.InvalidRequest, $"Provider {provider} does not accept content parts of type {type}."));
}
