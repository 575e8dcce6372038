namespace FuncChat.Engine;

/// <summary>A field that stays raw JSON, and the component of openapi.json that describes it (FuncChat.Web/OpenApi/raw.json).</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RawJsonAttribute(string component) : Attribute
{
    public string Component => component;

    /// <summary>Whether the field is an array of them.</summary>
    public bool IsArray { get; init; }

    /// <summary>The minimum length of the array.</summary>
    public int MinLength { get; init; }
}
