namespace FuncChat.Tools;

/// <summary>A file of the user, for a tool that sends it on.</summary>
/// <param name="MediaType">The type of its content, whatever its name is.</param>
public sealed record UserFile(string Name, string MediaType, ReadOnlyMemory<byte> Content);
