using Microsoft.Extensions.Configuration;

namespace FuncChat.Engine.Store;

/// <summary>The folder in which the embedded stores keep everything.</summary>
public static class DataFolder
{
    public const string Setting = "FuncChat:DataPath";

    public static string Of(IConfiguration configuration) => configuration[Setting] is { Length: > 0 } path ? path : ".funcchat";
}
