using System.Reflection;

namespace FuncChat.Sandbox;

/// <summary>Loads assemblies while files can still be opened.</summary>
internal static class LoadedAssemblies
{
    /// <summary>Loads everything that the assemblies refer to.</summary>
    public static void LoadReferencesOf(params ReadOnlySpan<Assembly> assemblies)
    {
        foreach (var assembly in assemblies)
        {
            foreach (var reference in assembly.GetReferencedAssemblies())
                TryLoad(reference);
        }
    }

    private static void TryLoad(AssemblyName reference)
    {
        try
        {
            Assembly.Load(reference);
        }
        catch (FileNotFoundException)
        {
            // Part of another assembly by now.
        }
    }
}
