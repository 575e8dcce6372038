using System.Collections;
using System.Reflection;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Infra;

/// <summary>The Bicep CLI that came with the restore.</summary>
internal static class BicepCli
{
    public static string Program { get; } = Path.Combine(
        typeof(BicepCli).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "BicepTools").Value!,
        OperatingSystem.IsWindows() ? "bicep.exe" : "bicep");

    /// <summary>The repository's infra folder.</summary>
    public static string Infra { get; } = Repository.PathOf("infra");

    /// <summary>Runs it for an environment of azd's that has these variables, and none that happen to be set here.</summary>
    public static Task<ProgramRun> RunAsync(string folder, IReadOnlyDictionary<string, string?> variables, params string[] arguments)
    {
        Dictionary<string, string?> environment = new(StringComparer.Ordinal)
        {
            ["AZURE_ENV_NAME"] = "test",
            ["AZURE_LOCATION"] = "swedencentral",
        };
        foreach (DictionaryEntry set in Environment.GetEnvironmentVariables())
        {
            var name = (string)set.Key;
            if (name.StartsWith("FUNCCHAT_", StringComparison.Ordinal) || name.EndsWith("_API_KEY", StringComparison.Ordinal))
                environment[name] = null;
        }

        foreach (var (variable, value) in variables)
            environment[variable] = value;
        return ProgramRun.OfAsync(Program, folder, environment, arguments);
    }

    public static Task<ProgramRun> RunAsync(string folder, params string[] arguments) =>
        RunAsync(folder, new Dictionary<string, string?>(StringComparer.Ordinal), arguments);
}
